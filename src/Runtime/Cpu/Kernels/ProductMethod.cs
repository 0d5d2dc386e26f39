namespace ArchGen.Cpu.Kernels;

/// <summary>
/// The method of a matrix product. Methods add in different orders, and those of <see cref="Precision.Int16"/> also round weights and activations differently.
/// </summary>
internal enum ProductMethod
{
    /// <summary>The one that is faster for the number of tokens.</summary>
    ByCount,

    /// <summary>Row by row for any number of tokens: a token has the same bits whatever others are computed with it.</summary>
    Rows,

    /// <summary>In tiles for any number of tokens: the same holds.</summary>
    Tiles,
}

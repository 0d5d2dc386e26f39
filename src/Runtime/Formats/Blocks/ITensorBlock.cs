namespace ArchGen.Formats.Blocks;

/// <summary>
/// A block of a tensor type as it lies in memory and in files: the fields in their order, without padding. Decoders, encoders and the writers of machine code
/// read offsets and sizes from it, so that they are written nowhere else.
/// </summary>
internal interface ITensorBlock
{
    /// <summary>Weights of a block; 1 for types without blocks.</summary>
    static abstract int Weights { get; }
}

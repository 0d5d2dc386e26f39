using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Blocks;

/// <summary>The memory layout of the weights of one tensor type. Kernels of different types differ only by it.</summary>
internal unsafe interface IBlockFormat
{
    /// <summary>Weights per block.</summary>
    static abstract int Weights { get; }

    /// <summary>Bytes per block.</summary>
    static abstract int Bytes { get; }

    /// <summary>Fills the tables that <see cref="Unpack"/> reads beside <see cref="ScaleTables"/>; once, before it is compiled.</summary>
    static virtual void LoadTables()
    {
    }

    /// <summary>Passes the <paramref name="count"/> weights (whole blocks) at <paramref name="source"/> to <paramref name="sink"/>, exactly.</summary>
    static abstract void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>;
}

using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Blocks32;

/// <summary>A block of 32 weights.</summary>
internal unsafe interface IBlock32
{
    /// <summary>Bytes per block.</summary>
    static abstract int Bytes { get; }

    /// <summary>Passes on the 32 weights of a block, the first as <paramref name="index"/>.</summary>
    static abstract void Unpack<TSimd, TVector, TSink>(byte* block, int index, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>;
}

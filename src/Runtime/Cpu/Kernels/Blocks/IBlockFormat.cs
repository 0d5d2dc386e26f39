using ArchGen.Cpu.Simd;

namespace ArchGen.Cpu.Blocks;

/// <summary>How the weights of one tensor type lie in memory. Kernels of different types differ by this alone.</summary>
internal unsafe interface IBlockFormat
{
    /// <summary>Weights per block.</summary>
    static abstract int Weights { get; }

    /// <summary>Bytes per block.</summary>
    static abstract int Bytes { get; }

    /// <summary>Writes the <paramref name="count"/> weights (whole blocks) at <paramref name="source"/> as floats, exactly.</summary>
    static abstract void Unpack<TSimd, TVector>(byte* source, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

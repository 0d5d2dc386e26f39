using System.Runtime.Intrinsics;

namespace ArchGen.Formats.Simd;

/// <summary>
/// The vector operations kernels are written in, for one instruction set. Kernels take the set as a type parameter, so that their loops
/// are written once and compiled for each.
/// </summary>
/// <typeparam name="TVector">The set's vector of floats.</typeparam>
internal unsafe interface ISimd<TVector> where TVector : struct
{
    /// <summary>Floats in a vector: 4, 8 or 16.</summary>
    static abstract int Lanes { get; }

    static abstract TVector Load(float* source);

    static abstract void Store(float* destination, TVector value);

    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a * b + c.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract float Sum(TVector value);

    /// <summary>Passes on quant * scale for 16 quants.</summary>
    static abstract void Scaled<TSink>(ref TSink sink, int index, Vector128<sbyte> quants, TVector scale) where TSink : struct, IWeightSink<TVector>;

    /// <summary>Passes on quant * scale + offset for 16 quants.</summary>
    static abstract void Scaled<TSink>(ref TSink sink, int index, Vector128<sbyte> quants, TVector scale, TVector offset)
        where TSink : struct, IWeightSink<TVector>;

    /// <summary>Passes on level[nibble] * scale for 16 bytes: the low nibbles at <paramref name="low"/>, the high ones at <paramref name="high"/>.</summary>
    static abstract void Nibbles<TSink, TLevels>(ref TSink sink, int low, int high, byte* bytes, TVector scale)
        where TSink : struct, IWeightSink<TVector>
        where TLevels : struct, INibbleLevels;

    /// <summary>Passes on nibble * scale + offset for 16 bytes: the low nibbles at <paramref name="low"/>, the high ones at <paramref name="high"/>.</summary>
    static abstract void Nibbles<TSink>(ref TSink sink, int low, int high, byte* bytes, TVector scale, TVector offset)
        where TSink : struct, IWeightSink<TVector>;

    /// <summary>As above, with another scale and offset for the high nibbles.</summary>
    static abstract void Nibbles<TSink>(
        ref TSink sink, int low, int high, byte* bytes, TVector lowScale, TVector lowOffset, TVector highScale, TVector highOffset)
        where TSink : struct, IWeightSink<TVector>;

    /// <summary>
    /// Passes on quant * scale + offset for 32 quants of five bits: 16 at <paramref name="index"/>, low nibbles of <paramref name="bytes"/> with a fifth
    /// bit from bit <paramref name="bit"/> of <paramref name="upper"/>, and 16 at 32 after it, high nibbles with the next bit and the second scale.
    /// </summary>
    static abstract void FiveBits<TSink>(
        ref TSink sink, int index, byte* bytes, byte* upper, int bit, TVector lowScale, TVector lowOffset, TVector highScale, TVector highOffset)
        where TSink : struct, IWeightSink<TVector>;

    /// <summary>
    /// Passes on (quant - 32) * scale for 64 quants of six bits: at <paramref name="index"/> and at 32, 64 and 96 after it, 16 each. Their low
    /// four bits are the low nibbles of <paramref name="first"/>, of <paramref name="second"/>, then the high nibbles of both; their upper two bits
    /// are taken from <paramref name="upper"/>, the lowest first.
    /// </summary>
    static abstract void SixBits<TSink>(
        ref TSink sink, int index, byte* first, byte* second, byte* upper, TVector scale0, TVector scale1, TVector scale2, TVector scale3)
        where TSink : struct, IWeightSink<TVector>;

    /// <summary>Passes on 16 IEEE half-precision numbers.</summary>
    static abstract void Halves<TSink>(ref TSink sink, int index, ushort* halves) where TSink : struct, IWeightSink<TVector>;

    /// <summary>Passes on 16 brain-float numbers.</summary>
    static abstract void BrainFloats<TSink>(ref TSink sink, int index, ushort* brainFloats) where TSink : struct, IWeightSink<TVector>;
}

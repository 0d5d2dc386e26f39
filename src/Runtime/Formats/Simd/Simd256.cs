using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ArchGen.Formats.Simd;

/// <summary>AVX2 with fused multiply-add.</summary>
internal readonly unsafe struct Simd256 : ISimd<Vector256<float>>
{
    public static int Lanes => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Vector256<float> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Fma.MultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> value) => Vector128.Sum(value.GetLower() + value.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scaled<TSink>(ref TSink sink, int index, Vector128<sbyte> quants, Vector256<float> scale)
        where TSink : struct, IWeightSink<Vector256<float>>
    {
        sink.Take(index, Lower(quants) * scale);
        sink.Take(index + 8, Upper(quants) * scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scaled<TSink>(ref TSink sink, int index, Vector128<sbyte> quants, Vector256<float> scale, Vector256<float> offset)
        where TSink : struct, IWeightSink<Vector256<float>>
    {
        sink.Take(index, Fma.MultiplyAdd(Lower(quants), scale, offset));
        sink.Take(index + 8, Fma.MultiplyAdd(Upper(quants), scale, offset));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Nibbles<TSink, TLevels>(ref TSink sink, int low, int high, byte* bytes, Vector256<float> scale)
        where TSink : struct, IWeightSink<Vector256<float>>
        where TLevels : struct, INibbleLevels
    {
        var packed = Vector128.Load(bytes);
        Scaled(ref sink, low, Vector128.ShuffleNative(TLevels.Bytes, Bits.LowNibbles(packed)), scale);
        Scaled(ref sink, high, Vector128.ShuffleNative(TLevels.Bytes, Bits.HighNibbles(packed)), scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Nibbles<TSink>(ref TSink sink, int low, int high, byte* bytes, Vector256<float> scale, Vector256<float> offset)
        where TSink : struct, IWeightSink<Vector256<float>> => Nibbles(ref sink, low, high, bytes, scale, offset, scale, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Nibbles<TSink>(
        ref TSink sink, int low, int high, byte* bytes,
        Vector256<float> lowScale, Vector256<float> lowOffset, Vector256<float> highScale, Vector256<float> highOffset)
        where TSink : struct, IWeightSink<Vector256<float>>
    {
        var packed = Vector128.Load(bytes);
        Scaled(ref sink, low, Bits.LowNibbles(packed), lowScale, lowOffset);
        Scaled(ref sink, high, Bits.HighNibbles(packed), highScale, highOffset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FiveBits<TSink>(
        ref TSink sink, int index, byte* bytes, byte* upper, int bit,
        Vector256<float> lowScale, Vector256<float> lowOffset, Vector256<float> highScale, Vector256<float> highOffset)
        where TSink : struct, IWeightSink<Vector256<float>>
    {
        var (packed, high) = (Vector128.Load(bytes), Vector128.Load(upper));
        Scaled(ref sink, index, Bits.LowNibbles(packed) | (Bits.Field(high, bit, 1) << 4), lowScale, lowOffset);
        Scaled(ref sink, index + 32, Bits.HighNibbles(packed) | (Bits.Field(high, bit + 1, 1) << 4), highScale, highOffset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SixBits<TSink>(
        ref TSink sink, int index, byte* first, byte* second, byte* upper,
        Vector256<float> scale0, Vector256<float> scale1, Vector256<float> scale2, Vector256<float> scale3)
        where TSink : struct, IWeightSink<Vector256<float>>
    {
        var (low0, low1, high) = (Vector128.Load(first), Vector128.Load(second), Vector128.Load(upper));
        Scaled(ref sink, index, Bits.SixBits(Bits.LowNibbles(low0), high, 0), scale0);
        Scaled(ref sink, index + 32, Bits.SixBits(Bits.LowNibbles(low1), high, 2), scale1);
        Scaled(ref sink, index + 64, Bits.SixBits(Bits.HighNibbles(low0), high, 4), scale2);
        Scaled(ref sink, index + 96, Bits.SixBits(Bits.HighNibbles(low1), high, 6), scale3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Halves<TSink>(ref TSink sink, int index, ushort* halves) where TSink : struct, IWeightSink<Vector256<float>>
    {
        sink.Take(index, FromHalves(Vector128.Load((short*)halves)));
        sink.Take(index + 8, FromHalves(Vector128.Load((short*)halves + 8)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BrainFloats<TSink>(ref TSink sink, int index, ushort* brainFloats) where TSink : struct, IWeightSink<Vector256<float>>
    {
        sink.Take(index, (Avx2.ConvertToVector256Int32(Vector128.Load(brainFloats)) << 16).AsSingle());
        sink.Take(index + 8, (Avx2.ConvertToVector256Int32(Vector128.Load(brainFloats + 8)) << 16).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Lower(Vector128<sbyte> quants) => Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(quants));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Upper(Vector128<sbyte> quants) => Lower(Sse2.ShiftRightLogical128BitLane(quants, 8));

    /// <inheritdoc cref="Simd512.FromHalves"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FromHalves(Vector128<short> halves)
    {
        var wide = Avx2.ConvertToVector256Int32(halves);
        var raised = ((wide << 13) & Vector256.Create(0x0FFFE000)) + Vector256.Create(112 << 23);
        var subnormal = raised.AsSingle() + raised.AsSingle() - Vector256.Create(1f / (1 << 14));
        var finite = Vector256.MinNative(raised.AsSingle(), subnormal).AsInt32();
        var special = Vector256.GreaterThan(finite, Vector256.Create((143 << 23) - 1)) & Vector256.Create(112 << 23);
        return ((finite + special) | (wide & Vector256.Create(int.MinValue))).AsSingle();
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Formats.Simd;

/// <summary>128-bit vectors through .NET's portable operations, which serve x86 and Arm.</summary>
internal readonly unsafe struct Simd128 : ISimd<Vector128<float>>
{
    public static int Lanes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Vector128<float> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector128<float> value) => Vector128.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scaled<TSink>(ref TSink sink, int index, Vector128<sbyte> quants, Vector128<float> scale)
        where TSink : struct, IWeightSink<Vector128<float>>
    {
        var (lower, upper) = Vector128.Widen(quants);
        sink.Take(index, Lower(lower) * scale);
        sink.Take(index + 4, Upper(lower) * scale);
        sink.Take(index + 8, Lower(upper) * scale);
        sink.Take(index + 12, Upper(upper) * scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scaled<TSink>(ref TSink sink, int index, Vector128<sbyte> quants, Vector128<float> scale, Vector128<float> offset)
        where TSink : struct, IWeightSink<Vector128<float>>
    {
        var (lower, upper) = Vector128.Widen(quants);
        sink.Take(index, Lower(lower) * scale + offset);
        sink.Take(index + 4, Upper(lower) * scale + offset);
        sink.Take(index + 8, Lower(upper) * scale + offset);
        sink.Take(index + 12, Upper(upper) * scale + offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Nibbles<TSink, TLevels>(ref TSink sink, int low, int high, byte* bytes, Vector128<float> scale)
        where TSink : struct, IWeightSink<Vector128<float>>
        where TLevels : struct, INibbleLevels
    {
        var packed = Vector128.Load(bytes);
        Scaled(ref sink, low, Vector128.ShuffleNative(TLevels.Bytes, Bits.LowNibbles(packed)), scale);
        Scaled(ref sink, high, Vector128.ShuffleNative(TLevels.Bytes, Bits.HighNibbles(packed)), scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Nibbles<TSink>(ref TSink sink, int low, int high, byte* bytes, Vector128<float> scale, Vector128<float> offset)
        where TSink : struct, IWeightSink<Vector128<float>> => Nibbles(ref sink, low, high, bytes, scale, offset, scale, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Nibbles<TSink>(
        ref TSink sink, int low, int high, byte* bytes,
        Vector128<float> lowScale, Vector128<float> lowOffset, Vector128<float> highScale, Vector128<float> highOffset)
        where TSink : struct, IWeightSink<Vector128<float>>
    {
        var packed = Vector128.Load(bytes);
        Scaled(ref sink, low, Bits.LowNibbles(packed), lowScale, lowOffset);
        Scaled(ref sink, high, Bits.HighNibbles(packed), highScale, highOffset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FiveBits<TSink>(
        ref TSink sink, int index, byte* bytes, byte* upper, int bit,
        Vector128<float> lowScale, Vector128<float> lowOffset, Vector128<float> highScale, Vector128<float> highOffset)
        where TSink : struct, IWeightSink<Vector128<float>>
    {
        var (packed, high) = (Vector128.Load(bytes), Vector128.Load(upper));
        Scaled(ref sink, index, Bits.LowNibbles(packed) | (Bits.Field(high, bit, 1) << 4), lowScale, lowOffset);
        Scaled(ref sink, index + 32, Bits.HighNibbles(packed) | (Bits.Field(high, bit + 1, 1) << 4), highScale, highOffset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SixBits<TSink>(
        ref TSink sink, int index, byte* first, byte* second, byte* upper,
        Vector128<float> scale0, Vector128<float> scale1, Vector128<float> scale2, Vector128<float> scale3)
        where TSink : struct, IWeightSink<Vector128<float>>
    {
        var (low0, low1, high) = (Vector128.Load(first), Vector128.Load(second), Vector128.Load(upper));
        Scaled(ref sink, index, Bits.SixBits(Bits.LowNibbles(low0), high, 0), scale0);
        Scaled(ref sink, index + 32, Bits.SixBits(Bits.LowNibbles(low1), high, 2), scale1);
        Scaled(ref sink, index + 64, Bits.SixBits(Bits.HighNibbles(low0), high, 4), scale2);
        Scaled(ref sink, index + 96, Bits.SixBits(Bits.HighNibbles(low1), high, 6), scale3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Halves<TSink>(ref TSink sink, int index, ushort* halves) where TSink : struct, IWeightSink<Vector128<float>>
    {
        var (first, second) = Vector128.Widen(Vector128.Load((short*)halves));
        var (third, fourth) = Vector128.Widen(Vector128.Load((short*)halves + 8));
        sink.Take(index, FromHalves(first));
        sink.Take(index + 4, FromHalves(second));
        sink.Take(index + 8, FromHalves(third));
        sink.Take(index + 12, FromHalves(fourth));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BrainFloats<TSink>(ref TSink sink, int index, ushort* brainFloats) where TSink : struct, IWeightSink<Vector128<float>>
    {
        var (first, second) = Vector128.Widen(Vector128.Load(brainFloats));
        var (third, fourth) = Vector128.Widen(Vector128.Load(brainFloats + 8));
        sink.Take(index, (first << 16).AsSingle());
        sink.Take(index + 4, (second << 16).AsSingle());
        sink.Take(index + 8, (third << 16).AsSingle());
        sink.Take(index + 12, (fourth << 16).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Lower(Vector128<short> quants) => Vector128.ConvertToSingle(Vector128.WidenLower(quants));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Upper(Vector128<short> quants) => Vector128.ConvertToSingle(Vector128.WidenUpper(quants));

    /// <inheritdoc cref="Simd512.FromHalves"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> FromHalves(Vector128<int> wide)
    {
        var raised = ((wide << 13) & Vector128.Create(0x0FFFE000)) + Vector128.Create(112 << 23);
        var subnormal = raised.AsSingle() + raised.AsSingle() - Vector128.Create(1f / (1 << 14));
        var finite = Vector128.MinNative(raised.AsSingle(), subnormal).AsInt32();
        var special = Vector128.GreaterThan(finite, Vector128.Create((143 << 23) - 1)) & Vector128.Create(112 << 23);
        return ((finite + special) | (wide & Vector128.Create(int.MinValue))).AsSingle();
    }
}

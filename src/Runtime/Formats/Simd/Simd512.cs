using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ArchGen.Formats.Simd;

/// <summary>AVX-512 F, BW, DQ and VL.</summary>
internal readonly unsafe struct Simd512 : ISimd<Vector512<float>>
{
    public static int Lanes => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Vector512<float> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Avx512F.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> value)
    {
        var half = value.GetLower() + value.GetUpper();
        return Vector128.Sum(half.GetLower() + half.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scaled<TSink>(ref TSink sink, int index, Vector128<sbyte> quants, Vector512<float> scale)
        where TSink : struct, IWeightSink<Vector512<float>> => sink.Take(index, ToFloats(quants) * scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scaled<TSink>(ref TSink sink, int index, Vector128<sbyte> quants, Vector512<float> scale, Vector512<float> offset)
        where TSink : struct, IWeightSink<Vector512<float>> => sink.Take(index, Avx512F.FusedMultiplyAdd(ToFloats(quants), scale, offset));

    // A permutation reads the low four bits of each index, so the 16 possible weights of a block are a table that nibbles select from.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Nibbles<TSink, TLevels>(ref TSink sink, int low, int high, byte* bytes, Vector512<float> scale)
        where TSink : struct, IWeightSink<Vector512<float>>
        where TLevels : struct, INibbleLevels
    {
        var table = TLevels.Floats * scale;
        var packed = Avx512F.ConvertToVector512Int32(Vector128.Load(bytes));
        sink.Take(low, Avx512F.PermuteVar16x32(table, packed));
        sink.Take(high, Avx512F.PermuteVar16x32(table, Avx512F.ShiftRightLogical(packed, 4)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Nibbles<TSink>(ref TSink sink, int low, int high, byte* bytes, Vector512<float> scale, Vector512<float> offset)
        where TSink : struct, IWeightSink<Vector512<float>>
    {
        var table = Avx512F.FusedMultiplyAdd(Levels(), scale, offset);
        var packed = Avx512F.ConvertToVector512Int32(Vector128.Load(bytes));
        sink.Take(low, Avx512F.PermuteVar16x32(table, packed));
        sink.Take(high, Avx512F.PermuteVar16x32(table, Avx512F.ShiftRightLogical(packed, 4)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Nibbles<TSink>(
        ref TSink sink, int low, int high, byte* bytes,
        Vector512<float> lowScale, Vector512<float> lowOffset, Vector512<float> highScale, Vector512<float> highOffset)
        where TSink : struct, IWeightSink<Vector512<float>>
    {
        var lowTable = Avx512F.FusedMultiplyAdd(Levels(), lowScale, lowOffset);
        var highTable = Avx512F.FusedMultiplyAdd(Levels(), highScale, highOffset);
        var packed = Avx512F.ConvertToVector512Int32(Vector128.Load(bytes));
        sink.Take(low, Avx512F.PermuteVar16x32(lowTable, packed));
        sink.Take(high, Avx512F.PermuteVar16x32(highTable, Avx512F.ShiftRightLogical(packed, 4)));
    }

    // The same with two tables, for fifth bits of 0 and 1; the permutation of two reads five bits of each index.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FiveBits<TSink>(
        ref TSink sink, int index, byte* bytes, byte* upper, int bit,
        Vector512<float> lowScale, Vector512<float> lowOffset, Vector512<float> highScale, Vector512<float> highOffset)
        where TSink : struct, IWeightSink<Vector512<float>>
    {
        const byte Select = 0xCA;
        var upperLevels = Levels() + Vector512.Create(16f);
        var packed = Avx512F.ConvertToVector512Int32(Vector128.Load(bytes));
        var high = Avx512F.ConvertToVector512Int32(Vector128.Load(upper)) >>> bit;
        var lowIndex = Avx512F.TernaryLogic(Vector512.Create(15), packed, Avx512F.ShiftLeftLogical(high, 4), Select);
        var highIndex = Avx512F.TernaryLogic(Vector512.Create(15), Avx512F.ShiftRightLogical(packed, 4), Avx512F.ShiftLeftLogical(high, 3), Select);
        sink.Take(index, Avx512F.PermuteVar16x32x2(
            Avx512F.FusedMultiplyAdd(Levels(), lowScale, lowOffset), lowIndex, Avx512F.FusedMultiplyAdd(upperLevels, lowScale, lowOffset)));
        sink.Take(index + 32, Avx512F.PermuteVar16x32x2(
            Avx512F.FusedMultiplyAdd(Levels(), highScale, highOffset), highIndex, Avx512F.FusedMultiplyAdd(upperLevels, highScale, highOffset)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SixBits<TSink>(
        ref TSink sink, int index, byte* first, byte* second, byte* upper,
        Vector512<float> scale0, Vector512<float> scale1, Vector512<float> scale2, Vector512<float> scale3)
        where TSink : struct, IWeightSink<Vector512<float>>
    {
        var low0 = Avx512F.ConvertToVector512Int32(Vector128.Load(first));
        var low1 = Avx512F.ConvertToVector512Int32(Vector128.Load(second));
        var high = Avx512F.ConvertToVector512Int32(Vector128.Load(upper));
        sink.Take(index, FromSixBits(low0, Avx512F.ShiftLeftLogical(high, 4)) * scale0);
        sink.Take(index + 32, FromSixBits(low1, Avx512F.ShiftLeftLogical(high, 2)) * scale1);
        sink.Take(index + 64, FromSixBits(Avx512F.ShiftRightLogical(low0, 4), high) * scale2);
        sink.Take(index + 96, FromSixBits(Avx512F.ShiftRightLogical(low1, 4), Avx512F.ShiftRightLogical(high, 2)) * scale3);
    }

    /// <summary>Bits 0..3 of <paramref name="low"/> and 4..5 of <paramref name="high"/>, less 32. As the mantissa of 2^23 they need no conversion.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> FromSixBits(Vector512<int> low, Vector512<int> high)
    {
        const byte Select = 0xCA;
        const byte AndThenOr = 0xF8;
        const int Exponent = 0x4B000000;
        var joined = Avx512F.TernaryLogic(Vector512.Create(15), low, high, Select);
        var mantissa = Avx512F.TernaryLogic(Vector512.Create(Exponent), joined, Vector512.Create(63), AndThenOr);
        return mantissa.AsSingle() - Vector512.Create((float)(1 << 23) + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Levels() => Vector512.Create(0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Halves<TSink>(ref TSink sink, int index, ushort* halves) where TSink : struct, IWeightSink<Vector512<float>> =>
        sink.Take(index, FromHalves(Vector256.Load((short*)halves)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BrainFloats<TSink>(ref TSink sink, int index, ushort* brainFloats) where TSink : struct, IWeightSink<Vector512<float>> =>
        sink.Take(index, Avx512F.ShiftLeftLogical(Avx512F.ConvertToVector512UInt32(Vector256.Load(brainFloats)), 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ToFloats(Vector128<sbyte> quants) => Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(quants));

    /// <summary>
    /// Half-precision to float. Adding to the exponent gives r, the value, except for subnormals, which are 2r - 2^-14 and thereby the smaller of the
    /// two, as for others that is at least r. Infinities and NaNs (exponent 31) have their exponent raised twice.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> FromHalves(Vector256<short> halves)
    {
        const byte AndThenOr = 0xF8;
        var wide = Avx512F.ConvertToVector512Int32(halves);
        var raised = ((wide << 13) & Vector512.Create(0x0FFFE000)) + Vector512.Create(112 << 23);
        var subnormal = Avx512F.FusedMultiplyAdd(raised.AsSingle(), Vector512.Create(2f), Vector512.Create(-1f / (1 << 14)));
        var finite = Avx512F.Min(raised.AsSingle(), subnormal).AsInt32();
        var value = Avx512F.BlendVariable(finite, finite + Vector512.Create(112 << 23),
            Avx512F.CompareGreaterThan(finite, Vector512.Create((143 << 23) - 1)));
        return Avx512F.TernaryLogic(value, wide, Vector512.Create(int.MinValue), AndThenOr).AsSingle();
    }
}

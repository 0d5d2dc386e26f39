using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ArchGen.Cpu.Simd;

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
    public static void StoreScaled(float* destination, Vector128<sbyte> quants, Vector512<float> scale) =>
        (Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(quants)) * scale).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreScaled(float* destination, Vector128<sbyte> quants, Vector512<float> scale, Vector512<float> offset) =>
        Avx512F.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(quants)), scale, offset).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalves(float* destination, ushort* halves) => FromHalves(Vector256.Load((short*)halves)).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBrainFloats(float* destination, ushort* brainFloats) =>
        Avx512F.ShiftLeftLogical(Avx512F.ConvertToVector512UInt32(Vector256.Load(brainFloats)), 16).AsSingle().Store(destination);

    /// <summary>
    /// Half-precision to float: the exponent is rebased by an integer addition. Subnormals (exponent 0) get the exponent 2^-14 and lose it again
    /// by a float subtraction, which normalizes them; infinities and NaNs (exponent 31) are rebased twice.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromHalves(Vector256<short> halves)
    {
        var wide = Avx512F.ConvertToVector512Int32(halves);
        var sign = wide & Vector512.Create(int.MinValue);
        var magnitude = (wide << 13) & Vector512.Create(0x0FFFE000);
        var isSubnormal = Vector512.LessThan(magnitude, Vector512.Create(1 << 23));
        var isSpecial = Vector512.GreaterThan(magnitude, Vector512.Create((31 << 23) - 1));
        var rebased = magnitude + Vector512.Create(112 << 23);
        var special = rebased + Vector512.Create(112 << 23);
        var smallest = Vector512.Create(113 << 23);
        var subnormal = ((magnitude + smallest).AsSingle() - smallest.AsSingle()).AsInt32();
        var result = Vector512.ConditionalSelect(isSubnormal, subnormal, Vector512.ConditionalSelect(isSpecial, special, rebased));
        return (result | sign).AsSingle();
    }
}

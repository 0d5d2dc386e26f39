using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ArchGen.Cpu.Simd;

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
    public static void StoreScaled(float* destination, Vector128<sbyte> quants, Vector256<float> scale)
    {
        (Lower(quants) * scale).Store(destination);
        (Upper(quants) * scale).Store(destination + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreScaled(float* destination, Vector128<sbyte> quants, Vector256<float> scale, Vector256<float> offset)
    {
        Fma.MultiplyAdd(Lower(quants), scale, offset).Store(destination);
        Fma.MultiplyAdd(Upper(quants), scale, offset).Store(destination + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalves(float* destination, ushort* halves)
    {
        FromHalves(Vector128.Load((short*)halves)).Store(destination);
        FromHalves(Vector128.Load((short*)halves + 8)).Store(destination + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBrainFloats(float* destination, ushort* brainFloats)
    {
        (Avx2.ConvertToVector256Int32(Vector128.Load(brainFloats)) << 16).AsSingle().Store(destination);
        (Avx2.ConvertToVector256Int32(Vector128.Load(brainFloats + 8)) << 16).AsSingle().Store(destination + 8);
    }

    private static Vector256<float> Lower(Vector128<sbyte> quants) => Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(quants));

    private static Vector256<float> Upper(Vector128<sbyte> quants) => Lower(Sse2.ShiftRightLogical128BitLane(quants, 8));

    /// <inheritdoc cref="Simd512.FromHalves"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FromHalves(Vector128<short> halves)
    {
        var wide = Avx2.ConvertToVector256Int32(halves);
        var sign = wide & Vector256.Create(int.MinValue);
        var magnitude = (wide << 13) & Vector256.Create(0x0FFFE000);
        var isSubnormal = Vector256.LessThan(magnitude, Vector256.Create(1 << 23));
        var isSpecial = Vector256.GreaterThan(magnitude, Vector256.Create((31 << 23) - 1));
        var rebased = magnitude + Vector256.Create(112 << 23) + (isSpecial & Vector256.Create(112 << 23));
        var smallest = Vector256.Create(113 << 23);
        var subnormal = ((magnitude + smallest).AsSingle() - smallest.AsSingle()).AsInt32();
        return (Vector256.ConditionalSelect(isSubnormal, subnormal, rebased) | sign).AsSingle();
    }
}

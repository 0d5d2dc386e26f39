using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Cpu.Simd;

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
    public static void StoreScaled(float* destination, Vector128<sbyte> quants, Vector128<float> scale)
    {
        var (lower, upper) = Vector128.Widen(quants);
        (Lower(lower) * scale).Store(destination);
        (Upper(lower) * scale).Store(destination + 4);
        (Lower(upper) * scale).Store(destination + 8);
        (Upper(upper) * scale).Store(destination + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreScaled(float* destination, Vector128<sbyte> quants, Vector128<float> scale, Vector128<float> offset)
    {
        var (lower, upper) = Vector128.Widen(quants);
        (Lower(lower) * scale + offset).Store(destination);
        (Upper(lower) * scale + offset).Store(destination + 4);
        (Lower(upper) * scale + offset).Store(destination + 8);
        (Upper(upper) * scale + offset).Store(destination + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHalves(float* destination, ushort* halves)
    {
        for (var i = 0; i < 16; i += 8)
        {
            var (lower, upper) = Vector128.Widen(Vector128.Load((short*)halves + i));
            FromHalves(lower).Store(destination + i);
            FromHalves(upper).Store(destination + i + 4);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBrainFloats(float* destination, ushort* brainFloats)
    {
        for (var i = 0; i < 16; i += 8)
        {
            var (lower, upper) = Vector128.Widen(Vector128.Load(brainFloats + i));
            (lower << 16).AsSingle().Store(destination + i);
            (upper << 16).AsSingle().Store(destination + i + 4);
        }
    }

    private static Vector128<float> Lower(Vector128<short> quants) => Vector128.ConvertToSingle(Vector128.WidenLower(quants));

    private static Vector128<float> Upper(Vector128<short> quants) => Vector128.ConvertToSingle(Vector128.WidenUpper(quants));

    /// <inheritdoc cref="Simd512.FromHalves"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> FromHalves(Vector128<int> wide)
    {
        var sign = wide & Vector128.Create(int.MinValue);
        var magnitude = (wide << 13) & Vector128.Create(0x0FFFE000);
        var isSubnormal = Vector128.LessThan(magnitude, Vector128.Create(1 << 23));
        var isSpecial = Vector128.GreaterThan(magnitude, Vector128.Create((31 << 23) - 1));
        var rebased = magnitude + Vector128.Create(112 << 23) + (isSpecial & Vector128.Create(112 << 23));
        var smallest = Vector128.Create(113 << 23);
        var subnormal = ((magnitude + smallest).AsSingle() - smallest.AsSingle()).AsInt32();
        return (Vector128.ConditionalSelect(isSubnormal, subnormal, rebased) | sign).AsSingle();
    }
}

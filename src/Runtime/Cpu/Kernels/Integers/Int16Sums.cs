using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.Integers.Formats;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>The sums of <see cref="Int16DotProducts{TFormat}"/>, each in eight lanes.</summary>
internal static unsafe class Int16Sums<TFormat> where TFormat : struct, IInt16Format
{
    /// <summary>Whether a part has one vector of scales: each of its four vectors has weights of the same two groups.</summary>
    public static bool HasOneScale => TFormat.Order == Int16Order.TwoGroups;

    /// <summary>The scales of the lanes of a part of 64 weights: of its first two vectors, and of the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* block, int part, float* scales, out Vector256<float> first, out Vector256<float> second)
    {
        if (HasOneScale)
        {
            float lower = TFormat.Scale(block, 2 * part, scales), upper = TFormat.Scale(block, (2 * part) + 1, scales);
            first = second = Vector256.Create(Vector128.Create(lower), Vector128.Create(upper));
        }
        else if (TFormat.GroupSize == 32)
        {
            first = Vector256.Create(TFormat.Scale(block, 2 * part, scales));
            second = Vector256.Create(TFormat.Scale(block, (2 * part) + 1, scales));
        }
        else
        {
            // Each half of a vector has one of two groups.
            first = OfHalves(scales + (4 * part));
            second = OfHalves(scales + (4 * part) + 2);
        }
    }

    /// <summary>Adds the products of a part: its integers times those of a token, times the scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> AddPart(
        Vector256<short> a, Vector256<short> b, Vector256<short> c, Vector256<short> d, Vector256<float> first, Vector256<float> second, short* x,
        Vector256<float> sum)
    {
        var lower = Avx2.MultiplyAddAdjacent(a, Vector256.Load(x)) + Avx2.MultiplyAddAdjacent(b, Vector256.Load(x + 16));
        var upper = Avx2.MultiplyAddAdjacent(c, Vector256.Load(x + 32)) + Avx2.MultiplyAddAdjacent(d, Vector256.Load(x + 48));
        if (HasOneScale) return Fma.MultiplyAdd(Avx.ConvertToVector256Single(lower + upper), first, sum);
        sum = Fma.MultiplyAdd(Avx.ConvertToVector256Single(lower), first, sum);
        return Fma.MultiplyAdd(Avx.ConvertToVector256Single(upper), second, sum);
    }

    /// <summary>Adds a block's sum: integers times the activations' scale, and the offsets times the activations' sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> AddBlock(Vector256<float> total, Vector256<float> sum, byte* x, float* offsets)
    {
        total = Fma.MultiplyAdd(sum, Vector256.Create(*(float*)(x + Int16Activations.ScaleOffset)), total);
        if (!TFormat.HasOffsets) return total;
        if (TFormat.GroupSize == 32) return Fma.MultiplyAdd(Vector256.Load(offsets), Vector256.Load((float*)(x + Int16Activations.SumsOf32Offset)), total);
        var sums = (float*)(x + Int16Activations.SumsOf16Offset);
        total = Fma.MultiplyAdd(Vector256.Load(offsets), Vector256.Load(sums), total);
        return Fma.MultiplyAdd(Vector256.Load(offsets + 8), Vector256.Load(sums + 8), total);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> OfHalves(float* scales) =>
        Avx.PermuteVar(Vector256.Create(*(double*)scales).AsSingle(), Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1));
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>6 rows by two vectors of 8 tokens: with these, their sums fill 12 of the 16 registers. AVX-VNNI adds in the same instruction.</summary>
internal readonly unsafe struct Avx2Tile : IIntegerTile
{
    private const int Width = IntegerPanels.Width, Lanes = 8, RowStride = IntegerPanels.RowBytes / sizeof(short);

    public static int Rows => 6;

    public static int Tokens => 2 * Lanes;

    public static bool IsPaired => false;

    public static void WarmUp()
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Add(int tokens, short* w, int pairs, short* x, float* scales, float* sums, float* rowScales, bool isFirst, BytesAhead ahead)
    {
        Vector256<int> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default;
        Vector256<int> a3 = default, b3 = default, a4 = default, b4 = default, a5 = default, b5 = default;
        for (var end = w + (2 * pairs); w < end; w += 2, x += 2 * Width)
        {
            Vector256<short> x0 = Vector256.Load(x), x1 = Vector256.Load(x + (2 * Lanes));
            Add(w, x0, x1, ref a0, ref b0);
            Add(w + RowStride, x0, x1, ref a1, ref b1);
            Add(w + (2 * RowStride), x0, x1, ref a2, ref b2);
            Add(w + (3 * RowStride), x0, x1, ref a3, ref b3);
            Add(w + (4 * RowStride), x0, x1, ref a4, ref b4);
            Add(w + (5 * RowStride), x0, x1, ref a5, ref b5);
        }

        Store(sums, rowScales[0], scales, isFirst, a0, b0);
        Store(sums + Width, rowScales[1], scales, isFirst, a1, b1);
        Store(sums + (2 * Width), rowScales[2], scales, isFirst, a2, b2);
        Store(sums + (3 * Width), rowScales[3], scales, isFirst, a3, b3);
        Store(sums + (4 * Width), rowScales[4], scales, isFirst, a4, b4);
        Store(sums + (5 * Width), rowScales[5], scales, isFirst, a5, b5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(short* weights, Vector256<short> x0, Vector256<short> x1, ref Vector256<int> first, ref Vector256<int> second)
    {
        var pair = Vector256.Create(*(int*)weights).AsInt16();
        first = Add(first, x0, pair);
        second = Add(second, x1, pair);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Add(Vector256<int> sum, Vector256<short> x, Vector256<short> pair) =>
        AvxVnni.IsSupported ? AvxVnni.MultiplyWideningAndAdd(sum, x, pair) : sum + Avx2.MultiplyAddAdjacent(x, pair);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* sums, float rowScale, float* scales, bool isFirst, Vector256<int> first, Vector256<int> second)
    {
        StoreVector(sums, rowScale, scales, isFirst, first);
        StoreVector(sums + Lanes, rowScale, scales + Lanes, isFirst, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreVector(float* sums, float rowScale, float* scales, bool isFirst, Vector256<int> integers)
    {
        var scaled = Avx.ConvertToVector256Single(integers) * Vector256.Create(rowScale) * Vector256.Load(scales);
        (isFirst ? scaled : scaled + Vector256.Load(sums)).Store(sums);
    }
}

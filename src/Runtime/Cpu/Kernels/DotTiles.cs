using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Cpu.Kernels.Simd;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.F32;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels;

/// <summary>
/// The exact product: some rows' chunk of weights is unpacked once for all tokens, and multiplied in tiles of a few rows by a few tokens, whose sums fill the
/// registers. Vectors are along a row, so that one token alone needs no other method than many.
/// </summary>
/// <remarks>
/// A dot product has the same bits in every tile: in each chunk the even vectors have one sum and the odd ones another, both in the order of the row; they and
/// their lanes are added as by <see cref="LaneSums"/>, and then the chunks in their order. Rounding errors grow with the length of a chunk, not of a row.
/// </remarks>
internal static unsafe class DotTiles<TFormat, TSimd, TVector>
    where TFormat : struct, IBlockFormat
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>The maximum number of tokens of a call: their chunks stay in the second-level cache.</summary>
    public const int MaxTokens = 128;

    // A chunk holds whole blocks of every format; four rows of it fit the first-level cache. A row's chunks are padded by a cache line, as equal strides would
    // compete for the same cache sets.
    private const int ChunkSize = 1024, ChunkStride = ChunkSize + 16;

    // With few tokens the rows of one tile are read to their ends before the next, as memory is read fastest.
    private const int Rows = 16, RowsOfFew = 4, FewTokens = 4;

    private const int TokensOfTile = 3;

    /// <summary>y[t, r] for t in 0..tokens, r in rowBegin..rowEnd; x as in <see cref="ActivationRows"/>.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Compute(
        byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, float* x, long xStride, int tokens, float* y, long yStride)
    {
        var memory = stackalloc float[Rows * ChunkStride + 16];
        var unpacked = (float*)(((nuint)memory + 63) & ~(nuint)63);
        var rowsAtATime = tokens <= FewTokens ? RowsOfFew : Rows;
        for (var r = rowBegin; r < rowEnd; r += rowsAtATime)
        {
            var rows = Math.Min(rowsAtATime, rowEnd - r);
            for (var begin = 0; begin < k; begin += ChunkSize)
            {
                var count = Math.Min(ChunkSize, k - begin);
                var source = weights + r * rowBytes + (long)begin / TFormat.Weights * TFormat.Bytes;
                if (typeof(TFormat) == typeof(F32Decoder) && count % ActivationRows.Unit == 0)
                {
                    AddChunk((float*)source, rowBytes / sizeof(float), rows, count, x + begin, xStride, tokens, y + r, yStride, begin == 0);
                    continue;
                }

                for (var i = 0; i < rows; i++) Unpack(source + i * rowBytes, count, unpacked + i * ChunkStride);
                AddChunk(unpacked, ChunkStride, rows, ActivationRows.Whole(count), x + begin, xStride, tokens, y + r, yStride, begin == 0);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Unpack(byte* source, int count, float* target)
    {
        var sink = new StoreSink<TSimd, TVector>(target);
        TFormat.Unpack<TSimd, TVector, StoreSink<TSimd, TVector>>(source, count, ref sink);
        for (var i = count; i < ActivationRows.Whole(count); i++) target[i] = 0;
    }

    /// <summary>y[t, r], plus (or, for the first chunk, becomes) what this chunk of the rows contributes.</summary>
    private static void AddChunk(
        float* w, long wStride, int rows, int count, float* x, long xStride, int tokens, float* y, long yStride, bool isFirst)
    {
        // 32 registers hold the sums of four rows and three tokens, 16 registers those of two rows.
        var step = TSimd.Lanes == 16 ? 4 : 2;
        for (var row = 0; row < rows; row += step)
        {
            var tile = new Tile(w + row * wStride, wStride, Math.Min(step, rows - row), count, isFirst);
            var t = 0;
            for (; t <= tokens - TokensOfTile; t += TokensOfTile) Add<Three>(tile, x + t * xStride, xStride, y + t * yStride + row, yStride);
            if (tokens - t == 2) Add<Two>(tile, x + t * xStride, xStride, y + t * yStride + row, yStride);
            if (tokens - t == 1) Add<One>(tile, x + t * xStride, xStride, y + t * yStride + row, yStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TTokens>(Tile tile, float* x, long xStride, float* y, long yStride) where TTokens : struct, ITokens
    {
        if (TSimd.Lanes == 16) AddFourRows<TTokens>(tile, x, xStride, y, yStride);
        else AddTwoRows<TTokens>(tile, x, xStride, y, yStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddFourRows<TTokens>(Tile tile, float* x, long xStride, float* y, long yStride) where TTokens : struct, ITokens
    {
        // Rows after the last are the last again.
        float* w0 = tile.Row(0), w1 = tile.Row(1), w2 = tile.Row(2), w3 = tile.Row(3);
        float* x1 = x + xStride, x2 = x1 + xStride;
        TVector a00 = TSimd.Broadcast(0), a01 = a00, a02 = a00, b00 = a00, b01 = a00, b02 = a00;
        TVector a10 = a00, a11 = a00, a12 = a00, b10 = a00, b11 = a00, b12 = a00;
        TVector a20 = a00, a21 = a00, a22 = a00, b20 = a00, b21 = a00, b22 = a00;
        TVector a30 = a00, a31 = a00, a32 = a00, b30 = a00, b31 = a00, b32 = a00;
        for (nint i = 0; i < tile.Count; i += 2 * TSimd.Lanes)
        {
            var (t0, t1, t2) = Load<TTokens>(x + i, x1 + i, x2 + i);
            MultiplyAdd<TTokens>(w0 + i, t0, t1, t2, ref a00, ref a01, ref a02);
            MultiplyAdd<TTokens>(w1 + i, t0, t1, t2, ref a10, ref a11, ref a12);
            MultiplyAdd<TTokens>(w2 + i, t0, t1, t2, ref a20, ref a21, ref a22);
            MultiplyAdd<TTokens>(w3 + i, t0, t1, t2, ref a30, ref a31, ref a32);
            var next = i + TSimd.Lanes;
            (t0, t1, t2) = Load<TTokens>(x + next, x1 + next, x2 + next);
            MultiplyAdd<TTokens>(w0 + next, t0, t1, t2, ref b00, ref b01, ref b02);
            MultiplyAdd<TTokens>(w1 + next, t0, t1, t2, ref b10, ref b11, ref b12);
            MultiplyAdd<TTokens>(w2 + next, t0, t1, t2, ref b20, ref b21, ref b22);
            MultiplyAdd<TTokens>(w3 + next, t0, t1, t2, ref b30, ref b31, ref b32);
        }

        Store(tile, LaneSums.OfFour(Folded(a00, b00), Folded(a10, b10), Folded(a20, b20), Folded(a30, b30)), y);
        if (TTokens.Count > 1) Store(tile, LaneSums.OfFour(Folded(a01, b01), Folded(a11, b11), Folded(a21, b21), Folded(a31, b31)), y + yStride);
        if (TTokens.Count > 2) Store(tile, LaneSums.OfFour(Folded(a02, b02), Folded(a12, b12), Folded(a22, b22), Folded(a32, b32)), y + 2 * yStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddTwoRows<TTokens>(Tile tile, float* x, long xStride, float* y, long yStride) where TTokens : struct, ITokens
    {
        float* w0 = tile.Row(0), w1 = tile.Row(1);
        float* x1 = x + xStride, x2 = x1 + xStride;
        TVector a00 = TSimd.Broadcast(0), a01 = a00, a02 = a00, b00 = a00, b01 = a00, b02 = a00;
        TVector a10 = a00, a11 = a00, a12 = a00, b10 = a00, b11 = a00, b12 = a00;
        for (nint i = 0; i < tile.Count; i += 2 * TSimd.Lanes)
        {
            var (t0, t1, t2) = Load<TTokens>(x + i, x1 + i, x2 + i);
            MultiplyAdd<TTokens>(w0 + i, t0, t1, t2, ref a00, ref a01, ref a02);
            MultiplyAdd<TTokens>(w1 + i, t0, t1, t2, ref a10, ref a11, ref a12);
            var next = i + TSimd.Lanes;
            (t0, t1, t2) = Load<TTokens>(x + next, x1 + next, x2 + next);
            MultiplyAdd<TTokens>(w0 + next, t0, t1, t2, ref b00, ref b01, ref b02);
            MultiplyAdd<TTokens>(w1 + next, t0, t1, t2, ref b10, ref b11, ref b12);
        }

        var sums = LaneSums.OfFour(Folded(a00, b00), Folded(a10, b10), Folded(a01, b01), Folded(a11, b11));
        Store(tile, sums, y);
        if (TTokens.Count > 1) Store(tile, Vector128.Create(sums.GetUpper(), sums.GetUpper()), y + yStride);
        if (TTokens.Count > 2) Store(tile, LaneSums.OfFour(Folded(a02, b02), Folded(a12, b12), Folded(a02, b02), Folded(a12, b12)), y + 2 * yStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector, TVector, TVector) Load<TTokens>(float* x0, float* x1, float* x2) where TTokens : struct, ITokens
    {
        var first = TSimd.Load(x0);
        return (first, TTokens.Count > 1 ? TSimd.Load(x1) : first, TTokens.Count > 2 ? TSimd.Load(x2) : first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd<TTokens>(float* weights, TVector x0, TVector x1, TVector x2, ref TVector sum0, ref TVector sum1, ref TVector sum2)
        where TTokens : struct, ITokens
    {
        var w = TSimd.Load(weights);
        sum0 = TSimd.MultiplyAdd(w, x0, sum0);
        if (TTokens.Count > 1) sum1 = TSimd.MultiplyAdd(w, x1, sum1);
        if (TTokens.Count > 2) sum2 = TSimd.MultiplyAdd(w, x2, sum2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Folded(TVector even, TVector odd) => LaneSums.Fold(TSimd.Add(even, odd));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Tile tile, Vector128<float> sums, float* y)
    {
        if (tile.Rows == 4)
        {
            (tile.IsFirst ? sums : Vector128.Load(y) + sums).Store(y);
            return;
        }

        for (var i = 0; i < tile.Rows; i++) y[i] = tile.IsFirst ? sums[i] : y[i] + sums[i];
    }

    /// <summary>A tile's weights: some rows' chunk.</summary>
    private readonly struct Tile(float* weights, long stride, int rows, int count, bool isFirst)
    {
        public readonly int Rows = rows;
        public readonly int Count = count;
        public readonly bool IsFirst = isFirst;

        public float* Row(int i) => weights + Math.Min(i, Rows - 1) * stride;
    }

    /// <summary>The number of tokens of a tile.</summary>
    private interface ITokens
    {
        static abstract int Count { get; }
    }

    private readonly struct One : ITokens
    {
        public static int Count => 1;
    }

    private readonly struct Two : ITokens
    {
        public static int Count => 2;
    }

    private readonly struct Three : ITokens
    {
        public static int Count => 3;
    }
}

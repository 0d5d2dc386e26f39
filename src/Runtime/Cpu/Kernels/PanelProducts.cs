using System.Runtime.CompilerServices;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels;

/// <summary>
/// The product for many tokens, bound by arithmetic: rows of weights are unpacked once for all tokens of a batch into the second-level cache,
/// and multiplied in tiles whose sums fill the registers.
/// </summary>
/// <remarks>
/// The blocking is that of Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication (2008): a tile is some rows by one panel of
/// tokens; each weight is broadcast and multiplied with the panel's vectors.
/// </remarks>
internal static unsafe class PanelProducts<TFormat, TSimd, TVector>
    where TFormat : struct, IBlockFormat
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>The maximum number of tokens of a call.</summary>
    public const int MaxTokens = 256;

    // A chunk holds whole blocks of every format. A row's chunks are padded by a cache line, as equal strides would compete for the same cache sets.
    private const int Rows = 48;
    private const int ChunkSize = 256;
    private const int ChunkStride = ChunkSize + 16;

    /// <summary>y[t, r] for t in 0..tokens, r in rowBegin..rowEnd; x as in <see cref="ActivationPanels{TSimd,TVector}"/>.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Compute(
        byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, float* x, int tokens, float* y, long yStride)
    {
        const int Capacity = Rows * ChunkStride + Rows * MaxTokens;
        var memory = stackalloc float[Capacity + 16];
        var unpacked = (float*)(((nuint)memory + 63) & ~(nuint)63);
        var sums = unpacked + Rows * ChunkStride;

        for (var r = rowBegin; r < rowEnd; r += Rows)
        {
            var rows = Math.Min(Rows, rowEnd - r);
            for (var begin = 0; begin < k; begin += ChunkSize)
            {
                var count = Math.Min(ChunkSize, k - begin);
                for (var i = 0; i < rows; i++)
                {
                    var sink = new StoreSink<TSimd, TVector>(unpacked + i * ChunkStride);
                    var source = weights + (r + i) * rowBytes + (long)begin / TFormat.Weights * TFormat.Bytes;
                    TFormat.Unpack<TSimd, TVector, StoreSink<TSimd, TVector>>(source, count, ref sink);
                }

                AddChunk(unpacked, rows, count, x, k, begin, tokens, sums);
            }

            StoreTransposed(sums, rows, tokens, y + r, yStride);
        }
    }

    /// <summary>sums[panel, row, token of the panel], plus (or, for the first chunk, becomes) what this chunk of the rows contributes.</summary>
    private static void AddChunk(float* unpacked, int rows, int count, float* x, int k, int begin, int tokens, float* sums)
    {
        var width = ActivationPanels<TSimd, TVector>.Width;
        var isFirst = begin == 0;
        for (var first = 0; first < tokens; first += width)
        {
            var panel = x + (long)first * k + (long)begin * width;
            var panelSums = sums + first * Rows;
            if (tokens - first > TSimd.Lanes) AddPanel<TwoVectors>(unpacked, rows, count, panel, panelSums, isFirst);
            else AddPanel<OneVector>(unpacked, rows, count, panel, panelSums, isFirst);
        }
    }

    private static void AddPanel<TWidth>(float* unpacked, int rows, int count, float* panel, float* sums, bool isFirst) where TWidth : struct, ITileWidth
    {
        // 32 registers hold the sums of 12 rows, 16 registers those of 6. Rows after the last are computed from other data, and not used.
        var width = ActivationPanels<TSimd, TVector>.Width;
        var row = 0;
        if (TSimd.Lanes == 16)
            for (; row < rows - 6; row += 12) AddTile12<TWidth>(unpacked + row * ChunkStride, count, panel, sums + row * width, isFirst);
        for (; row < rows; row += 6) AddTile6<TWidth>(unpacked + row * ChunkStride, count, panel, sums + row * width, isFirst);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddTile12<TWidth>(float* w, int count, float* x, float* sums, bool isFirst) where TWidth : struct, ITileWidth
    {
        var width = ActivationPanels<TSimd, TVector>.Width;
        TVector a0 = TSimd.Broadcast(0), b0 = TSimd.Broadcast(0);
        TVector a1 = TSimd.Broadcast(0), b1 = TSimd.Broadcast(0);
        TVector a2 = TSimd.Broadcast(0), b2 = TSimd.Broadcast(0);
        TVector a3 = TSimd.Broadcast(0), b3 = TSimd.Broadcast(0);
        TVector a4 = TSimd.Broadcast(0), b4 = TSimd.Broadcast(0);
        TVector a5 = TSimd.Broadcast(0), b5 = TSimd.Broadcast(0);
        TVector a6 = TSimd.Broadcast(0), b6 = TSimd.Broadcast(0);
        TVector a7 = TSimd.Broadcast(0), b7 = TSimd.Broadcast(0);
        TVector a8 = TSimd.Broadcast(0), b8 = TSimd.Broadcast(0);
        TVector a9 = TSimd.Broadcast(0), b9 = TSimd.Broadcast(0);
        TVector a10 = TSimd.Broadcast(0), b10 = TSimd.Broadcast(0);
        TVector a11 = TSimd.Broadcast(0), b11 = TSimd.Broadcast(0);
        for (var end = w + count; w < end; w++, x += width)
        {
            var (x0, x1) = (TSimd.Load(x), TSimd.Load(x + TSimd.Lanes));
            Add<TWidth>(w, x0, x1, ref a0, ref b0);
            Add<TWidth>(w + ChunkStride, x0, x1, ref a1, ref b1);
            Add<TWidth>(w + 2 * ChunkStride, x0, x1, ref a2, ref b2);
            Add<TWidth>(w + 3 * ChunkStride, x0, x1, ref a3, ref b3);
            Add<TWidth>(w + 4 * ChunkStride, x0, x1, ref a4, ref b4);
            Add<TWidth>(w + 5 * ChunkStride, x0, x1, ref a5, ref b5);
            Add<TWidth>(w + 6 * ChunkStride, x0, x1, ref a6, ref b6);
            Add<TWidth>(w + 7 * ChunkStride, x0, x1, ref a7, ref b7);
            Add<TWidth>(w + 8 * ChunkStride, x0, x1, ref a8, ref b8);
            Add<TWidth>(w + 9 * ChunkStride, x0, x1, ref a9, ref b9);
            Add<TWidth>(w + 10 * ChunkStride, x0, x1, ref a10, ref b10);
            Add<TWidth>(w + 11 * ChunkStride, x0, x1, ref a11, ref b11);
        }

        Store<TWidth>(sums, isFirst, a0, b0);
        Store<TWidth>(sums + width, isFirst, a1, b1);
        Store<TWidth>(sums + 2 * width, isFirst, a2, b2);
        Store<TWidth>(sums + 3 * width, isFirst, a3, b3);
        Store<TWidth>(sums + 4 * width, isFirst, a4, b4);
        Store<TWidth>(sums + 5 * width, isFirst, a5, b5);
        Store<TWidth>(sums + 6 * width, isFirst, a6, b6);
        Store<TWidth>(sums + 7 * width, isFirst, a7, b7);
        Store<TWidth>(sums + 8 * width, isFirst, a8, b8);
        Store<TWidth>(sums + 9 * width, isFirst, a9, b9);
        Store<TWidth>(sums + 10 * width, isFirst, a10, b10);
        Store<TWidth>(sums + 11 * width, isFirst, a11, b11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddTile6<TWidth>(float* w, int count, float* x, float* sums, bool isFirst) where TWidth : struct, ITileWidth
    {
        var width = ActivationPanels<TSimd, TVector>.Width;
        TVector a0 = TSimd.Broadcast(0), b0 = TSimd.Broadcast(0);
        TVector a1 = TSimd.Broadcast(0), b1 = TSimd.Broadcast(0);
        TVector a2 = TSimd.Broadcast(0), b2 = TSimd.Broadcast(0);
        TVector a3 = TSimd.Broadcast(0), b3 = TSimd.Broadcast(0);
        TVector a4 = TSimd.Broadcast(0), b4 = TSimd.Broadcast(0);
        TVector a5 = TSimd.Broadcast(0), b5 = TSimd.Broadcast(0);
        for (var end = w + count; w < end; w++, x += width)
        {
            var (x0, x1) = (TSimd.Load(x), TSimd.Load(x + TSimd.Lanes));
            Add<TWidth>(w, x0, x1, ref a0, ref b0);
            Add<TWidth>(w + ChunkStride, x0, x1, ref a1, ref b1);
            Add<TWidth>(w + 2 * ChunkStride, x0, x1, ref a2, ref b2);
            Add<TWidth>(w + 3 * ChunkStride, x0, x1, ref a3, ref b3);
            Add<TWidth>(w + 4 * ChunkStride, x0, x1, ref a4, ref b4);
            Add<TWidth>(w + 5 * ChunkStride, x0, x1, ref a5, ref b5);
        }

        Store<TWidth>(sums, isFirst, a0, b0);
        Store<TWidth>(sums + width, isFirst, a1, b1);
        Store<TWidth>(sums + 2 * width, isFirst, a2, b2);
        Store<TWidth>(sums + 3 * width, isFirst, a3, b3);
        Store<TWidth>(sums + 4 * width, isFirst, a4, b4);
        Store<TWidth>(sums + 5 * width, isFirst, a5, b5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TWidth>(float* weight, TVector x0, TVector x1, ref TVector first, ref TVector second) where TWidth : struct, ITileWidth
    {
        var w = TSimd.Broadcast(*weight);
        first = TSimd.MultiplyAdd(x0, w, first);
        if (TWidth.HasSecond) second = TSimd.MultiplyAdd(x1, w, second);
    }

    // Each chunk is summed separately and then added: rounding errors grow with the length of a chunk, not of a row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TWidth>(float* sums, bool isFirst, TVector first, TVector second) where TWidth : struct, ITileWidth
    {
        TSimd.Store(sums, isFirst ? first : TSimd.Add(TSimd.Load(sums), first));
        if (TWidth.HasSecond) TSimd.Store(sums + TSimd.Lanes, isFirst ? second : TSimd.Add(TSimd.Load(sums + TSimd.Lanes), second));
    }

    private static void StoreTransposed(float* sums, int rows, int tokens, float* y, long yStride)
    {
        var width = ActivationPanels<TSimd, TVector>.Width;
        for (var t = 0; t < tokens; t++)
        {
            var panelSums = sums + (long)(t / width) * width * Rows + t % width;
            var target = y + t * yStride;
            for (var i = 0; i < rows; i++) target[i] = panelSums[i * width];
        }
    }

    /// <summary>Vectors of a panel that hold tokens: the last panel may have one only.</summary>
    private interface ITileWidth
    {
        static abstract bool HasSecond { get; }
    }

    private readonly struct OneVector : ITileWidth
    {
        public static bool HasSecond => false;
    }

    private readonly struct TwoVectors : ITileWidth
    {
        public static bool HasSecond => true;
    }
}

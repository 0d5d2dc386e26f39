using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Cpu.Kernels.Simd;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// The product for many tokens with weights and activations as 16-bit integers, a scale for each chunk of a row (<see cref="Int16Scaling"/>), and sums of
/// floats. The blocking is that of <see cref="PanelProducts{TFormat,TSimd,TVector}"/>.
/// </summary>
internal static unsafe class IntegerProducts<TFormat, TTile, TSimd, TVector>
    where TFormat : struct, IBlockFormat
    where TTile : struct, IIntegerTile
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int MaxTokens = IntegerPanels.MaxTokens;

    // A multiple of the tile's rows, and of 16 for the transposition.
    private const int Rows = 48;
    private const int ChunkSize = IntegerPanels.ChunkSize;
    private const int RowStride = IntegerPanels.RowBytes / sizeof(short);
    private const int Width = IntegerPanels.Width;

    /// <summary>y[t, r] for t in 0..tokens, r in rowBegin..rowEnd; x as in <see cref="IntegerPanels"/>.</summary>
    /// <param name="weights">Row 0 of the weights.</param>
    /// <param name="rowBytes">Bytes from one row of the weights to the next.</param>
    /// <param name="rowBegin">First row.</param>
    /// <param name="rowEnd">One past the last row.</param>
    /// <param name="k">Weights per row.</param>
    /// <param name="bytes">As for RowChunks.</param>
    /// <param name="x">The activations.</param>
    /// <param name="tokens">Number of tokens.</param>
    /// <param name="y">The results, [tokens, ..].</param>
    /// <param name="yStride">Floats from the results of one token to the next.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Compute(
        byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, ScaledBytes? bytes, short* x, int tokens, float* y, long yStride)
    {
        var memory = stackalloc float[(Rows * MaxTokens) + (Rows * RowStride / 2) + RowChunks<TFormat, TSimd, TVector, Target>.ScratchFloats + Rows + 16];
        var sums = (float*)(((nuint)memory + 63) & ~(nuint)63);
        var integers = (short*)(sums + (Rows * MaxTokens));
        var floats = (float*)(integers + (Rows * RowStride));
        var scales = floats + RowChunks<TFormat, TSimd, TVector, Target>.ScratchFloats;

        for (var r = rowBegin; r < rowEnd; r += Rows)
        {
            var rows = Math.Min(Rows, rowEnd - r);
            // The rows after these are prefetched meanwhile: the prefetches of unpacking are late for few tokens.
            long tiles = Rows / TTile.Rows * ((tokens + TTile.Tokens - 1) / TTile.Tokens), pairs = (k + 1) / 2;
            var ahead = BytesAhead.Of(weights + ((r + Rows) * rowBytes), Rows * rowBytes, tiles * pairs);
            for (var begin = 0; begin < k; begin += ChunkSize)
            {
                var count = Math.Min(ChunkSize, k - begin);
                RowChunks<TFormat, TSimd, TVector, Target>.Unpack(
                    weights + (r * rowBytes), rowBytes, rows, Rows, begin, count, floats, new Target(integers), scales, bytes);
                var chunk = IntegerPanels.ChunkAt(x, begin);
                AddChunk(integers, scales, rows, (count + 1) / 2, chunk, IntegerPanels.Stride(k), tokens, sums, begin == 0, ref ahead);
            }

            PanelSums.Store(sums, Width, Rows, rows, tokens, y + r, yStride);
        }
    }

    /// <summary>sums[panel, row, token of the panel], plus (or, for the first chunk, becomes) what this chunk of the rows contributes.</summary>
    private static void AddChunk(
        short* integers, float* scales, int rows, int pairs, short* x, long panelStride, int tokens, float* sums, bool isFirst, ref BytesAhead ahead)
    {
        for (var first = 0; first < tokens; first += TTile.Tokens)
        {
            var within = first % Width;
            var panel = x + (first / Width * panelStride);
            var tokenScales = (float*)((byte*)panel - IntegerPanels.HeaderBytes) + within;
            var tileSums = sums + (first / Width * Rows * Width) + within;
            // Rows after the last are computed from other data, and not used.
            for (var row = 0; row < rows; row += TTile.Rows)
            {
                var w = integers + (row * RowStride);
                TTile.Add(tokens - first, w, pairs, panel + (2 * within), tokenScales, tileSums + (row * Width), scales + row, isFirst, ahead);
                ahead = ahead.After(pairs);
            }
        }
    }

    /// <summary>Integers of 16 bits, [rows, <see cref="RowStride"/>], each row with its correction for <see cref="PairedProducts"/>.</summary>
    private readonly struct Target(short* integers) : IChunkTarget
    {
        private readonly bool _isPaired = TTile.IsPaired;

        public static int Unit => 32;

        // With activations of at most half the length (Int16Scaling) sums have 31 bits; minus the rounding of each integer and the squares of -128.
        public static (float Length, float Magnitude) Max => (65000, (TTile.IsPaired ? PairedProducts.MaxWeight : short.MaxValue) - 2);

        public float Measure(float* row, int count) =>
            _isPaired ? Int16Scaling.Length(row, count, PairedProducts.MaxWeight) : Int16Scaling.Length(row, count);

        public float Convert(float* row, int count, float measure, int index)
        {
            var scale = Int16Scaling.Convert(row, integers + (index * RowStride), count, measure);
            Correct(index, count);
            return scale;
        }

        public Vector512<int> Take(int row, int index, Vector512<short> first, Vector512<short> last, Vector512<int> sum)
        {
            var target = integers + (row * RowStride) + index;
            first.Store(target);
            last.Store(target + 32);
            return _isPaired ? PairedProducts.Subtract(PairedProducts.Subtract(sum, first), last) : sum;
        }

        public void End(int row, Vector512<int> sum)
        {
            if (_isPaired) CorrectionOf(row) = Vector512.Sum(sum);
        }

        private void Correct(int index, int count)
        {
            if (_isPaired) CorrectionOf(index) = PairedProducts.Correction(integers + (index * RowStride), count);
        }

        private ref int CorrectionOf(int row) => ref *(int*)((byte*)(integers + (row * RowStride)) + IntegerPanels.RowCorrectionOffset);
    }
}

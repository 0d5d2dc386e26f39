using System.Runtime.CompilerServices;
using ArchGen.Cpu.Blocks;
using ArchGen.Cpu.Simd;

namespace ArchGen.Cpu.Integers;

/// <summary>
/// The product for many tokens with weights and activations as 16-bit integers, a scale for each piece of a row (<see cref="Int16Scaling"/>), and sums of
/// floats. The blocking is that of <see cref="PanelProducts{TFormat,TSimd,TVector}"/>.
/// </summary>
internal static unsafe class IntegerProducts<TFormat, TTile, TSimd, TVector>
    where TFormat : struct, IBlockFormat
    where TTile : struct, IIntegerTile
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int MaxTokens = IntegerPanels.MostTokens;

    // Whole tiles, and squares of 16 for the transposition.
    private const int Rows = 48;
    private const int Piece = IntegerPanels.Piece;
    private const int RowStride = IntegerPanels.RowBytes / sizeof(short);
    private const int Width = IntegerPanels.Width;

    /// <summary>y[t, r] for t in 0..tokens, r in rowBegin..rowEnd; x as in <see cref="IntegerPanels"/>.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Compute(
        byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, short* x, int tokens, float* y, long yStride)
    {
        var memory = stackalloc float[(Rows * MaxTokens) + (Rows * RowStride / 2) + RowPieces<TFormat, TSimd, TVector, Target>.Room + Rows + 16];
        var sums = (float*)(((nuint)memory + 63) & ~(nuint)63);
        var integers = (short*)(sums + (Rows * MaxTokens));
        var floats = (float*)(integers + (Rows * RowStride));
        var scales = floats + RowPieces<TFormat, TSimd, TVector, Target>.Room;

        for (var r = rowBegin; r < rowEnd; r += Rows)
        {
            var rows = Math.Min(Rows, rowEnd - r);
            for (var begin = 0; begin < k; begin += Piece)
            {
                var count = Math.Min(Piece, k - begin);
                RowPieces<TFormat, TSimd, TVector, Target>.Unpack(weights + (r * rowBytes), rowBytes, rows, Rows, begin, count, floats, new Target(integers), scales);
                AddPiece(integers, scales, rows, (count + 1) / 2, IntegerPanels.PieceAt(x, begin), IntegerPanels.Stride(k), tokens, sums, begin == 0);
            }

            PanelSums.Store(sums, Width, Rows, rows, tokens, y + r, yStride);
        }
    }

    /// <summary>sums[panel, row, token of the panel], plus (or, for the first piece, becomes) what this piece of the rows contributes.</summary>
    private static void AddPiece(short* integers, float* scales, int rows, int pairs, short* x, long panelStride, int tokens, float* sums, bool isFirst)
    {
        for (var first = 0; first < tokens; first += TTile.Tokens)
        {
            var within = first % Width;
            var panel = x + (first / Width * panelStride);
            var tokenScales = (float*)((byte*)panel - IntegerPanels.HeaderBytes) + within;
            var tileSums = sums + (first / Width * Rows * Width) + within;
            // Rows behind the last are computed from what lies there, and not used.
            for (var row = 0; row < rows; row += TTile.Rows)
                TTile.Add(tokens - first, integers + (row * RowStride), pairs, panel + (2 * within), tokenScales, tileSums + (row * Width), scales + row, isFirst);
        }
    }

    /// <summary>Integers of 16 bits, [rows, <see cref="RowStride"/>], each row with its correction for <see cref="PairedProducts"/>.</summary>
    private readonly struct Target(short* integers) : IPieceTarget
    {
        public static int Unit => 32;

        public float Measure(float* row, int count) =>
            TTile.IsPaired ? Int16Scaling.Length(row, count, PairedProducts.MostWeight) : Int16Scaling.Length(row, count);

        public float Convert(float* row, int count, float measure, int index)
        {
            var scale = Int16Scaling.Convert(row, integers + (index * RowStride), count, measure);
            Correct(index, count);
            return scale;
        }

        public float Measure<TNibbles>(byte* source, float* groups) where TNibbles : struct, IBlockFormat => NibbleIntegers.Measure<TNibbles>(source, groups);

        public void Convert<TNibbles>(byte* source, float* groups, int index) where TNibbles : struct, IBlockFormat
        {
            NibbleIntegers.Convert<TNibbles>(source, groups, integers + (index * RowStride));
            Correct(index, Piece);
        }

        private void Correct(int index, int count)
        {
            var row = integers + (index * RowStride);
            if (TTile.IsPaired) *(int*)((byte*)row + IntegerPanels.RowCorrectionOffset) = PairedProducts.Correction(row, count);
        }
    }
}

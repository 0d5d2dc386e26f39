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

    // Rows that are unpacked before the first of them is converted, which would otherwise wait for the length of its own.
    private const int Ahead = 4;

    // Of nibbles, the groups of all rows find room there.
    private const int Room = Ahead * Piece;

    /// <summary>y[t, r] for t in 0..tokens, r in rowBegin..rowEnd; x as in <see cref="IntegerPanels"/>.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Compute(
        byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, short* x, int tokens, float* y, long yStride)
    {
        var memory = stackalloc float[(Rows * MaxTokens) + (Rows * RowStride / 2) + Room + Rows + 16];
        var sums = (float*)(((nuint)memory + 63) & ~(nuint)63);
        var integers = (short*)(sums + (Rows * MaxTokens));
        var floats = (float*)(integers + (Rows * RowStride));
        var scales = floats + Room;

        for (var r = rowBegin; r < rowEnd; r += Rows)
        {
            var rows = Math.Min(Rows, rowEnd - r);
            for (var begin = 0; begin < k; begin += Piece)
            {
                var count = Math.Min(Piece, k - begin);
                var at = (long)begin / TFormat.Weights * TFormat.Bytes;
                var source = weights + (r * rowBytes) + at;
                if (NibbleGroups.IsSupported<TFormat>() && typeof(TSimd) == typeof(Simd512) && count == Piece)
                    UnpackNibbles(source, rowBytes, rows, at, floats, integers, scales);
                else Unpack(source, rowBytes, rows, at, count, floats, integers, scales);
                AddPiece(integers, scales, rows, (count + 1) / 2, IntegerPanels.PieceAt(x, begin), IntegerPanels.Stride(k), tokens, sums, begin == 0);
            }

            PanelSums.Store(sums, Width, Rows, rows, tokens, y + r, yStride);
        }
    }

    /// <summary>A piece of some rows as integers, and their scales.</summary>
    /// <param name="source">The piece of the first row.</param>
    /// <param name="rowBytes">Bytes from one row to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="at">Where the piece begins in its row, in bytes.</param>
    /// <param name="count">Weights of the piece.</param>
    /// <param name="floats">Room.</param>
    /// <param name="integers">The integers, [rows, <see cref="RowStride"/>]; what is missing to 32 is zero.</param>
    /// <param name="scales">The scales, [rows].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Unpack(byte* source, long rowBytes, int rows, long at, int count, float* floats, short* integers, float* scales)
    {
        var whole = (count + 31) & ~31;
        for (var i = 0; i < Ahead; i++) new Span<float>(floats + (i * Piece) + count, whole - count).Clear();
        for (var first = 0; first < rows; first += Ahead)
        {
            var end = Math.Min(first + Ahead, rows);
            for (var i = first; i < end; i++, source += rowBytes)
            {
                Memory.PrefetchPieceAfter(source, at, Piece / TFormat.Weights * TFormat.Bytes, rowBytes, Rows);
                var row = floats + ((i - first) * Piece);
                var sink = new StoreSink<TSimd, TVector>(row);
                TFormat.Unpack<TSimd, TVector, StoreSink<TSimd, TVector>>(source, count, ref sink);
                scales[i] = Int16Scaling.Length(row, whole);
            }

            for (var i = first; i < end; i++) scales[i] = Int16Scaling.Convert(floats + ((i - first) * Piece), integers + (i * RowStride), whole, scales[i]);
        }
    }

    /// <summary>The same for a whole piece of 4-bit weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void UnpackNibbles(byte* source, long rowBytes, int rows, long at, float* room, short* integers, float* scales)
    {
        for (var i = 0; i < rows; i++)
        {
            var row = source + (i * rowBytes);
            Memory.PrefetchPieceAfter(row, at, Piece / TFormat.Weights * TFormat.Bytes, rowBytes, Rows);
            scales[i] = NibbleIntegers.Measure<TFormat>(row, room + (i * NibbleGroups.Floats));
        }

        for (var i = 0; i < rows; i++)
            NibbleIntegers.Convert<TFormat>(source + (i * rowBytes), room + (i * NibbleGroups.Floats), scales[i], integers + (i * RowStride));
    }

    /// <summary>sums[panel, row, token of the panel], plus (or, for the first piece, becomes) what this piece of the rows contributes.</summary>
    private static void AddPiece(short* integers, float* scales, int rows, int pairs, short* x, long panelStride, int tokens, float* sums, bool isFirst)
    {
        for (var first = 0; first < tokens; first += TTile.Tokens)
        {
            var within = first % Width;
            var panel = x + (first / Width * panelStride);
            var tokenScales = (float*)((byte*)panel - IntegerPanels.ScaleBytes) + within;
            var tileSums = sums + (first / Width * Rows * Width) + within;
            // Rows behind the last are computed from what lies there, and not used.
            for (var row = 0; row < rows; row += TTile.Rows)
                TTile.Add(tokens - first, integers + (row * RowStride), pairs, panel + (2 * within), tokenScales, tileSums + (row * Width), scales + row, isFirst);
        }
    }
}

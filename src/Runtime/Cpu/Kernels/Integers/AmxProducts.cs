using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Blocks;
using ArchGen.Cpu.MachineCode;
using ArchGen.Cpu.Simd;

namespace ArchGen.Cpu.Integers;

/// <summary>
/// The product for many tokens on AMX, with weights and activations as <see cref="SplitIntegers"/>, a scale for each piece of a row, and sums of floats. Some
/// rows' piece is unpacked into tiles in the first-level cache, and used for every token.
/// </summary>
internal static unsafe class AmxProducts<TFormat>
    where TFormat : struct, IBlockFormat
{
    private const int MaxTokens = IntegerPanels.MostTokens;

    private const int Rows = AmxCode.Blocks * AmxCode.Side;
    private const int Piece = AmxPanels.Piece;
    private const int Width = AmxPanels.Width;

    // Rows that are unpacked before the first of them is converted, which would otherwise wait for its scale.
    private const int Ahead = 4;

    // Of nibbles, the groups of all rows find room there.
    private const int RoomFloats = Ahead * Piece;

    private const int ProductElements = AmxCode.SumBytes / sizeof(int);

    /// <summary>y[t, r] for t in 0..tokens, r in rowBegin..rowEnd; x as in <see cref="AmxPanels"/>.</summary>
    [SkipLocalsInit]
    public static void Compute(byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, byte* x, int tokens, float* y, long yStride)
    {
        const int TilesBytes = Rows / AmxCode.Side * (Piece / AmxCode.Step) * AmxCode.StepBytes;
        var memory = stackalloc byte[TilesBytes + (2 * AmxCode.SumBytes) + (((Rows * MaxTokens) + RoomFloats + Rows) * sizeof(float)) + 64];
        var tiles = (byte*)(((nuint)memory + 63) & ~(nuint)63);
        var room = (int*)(tiles + TilesBytes);
        var products = room;
        var sums = (float*)(room + (2 * ProductElements));
        var floats = sums + (Rows * MaxTokens);
        var scales = floats + RoomFloats;

        var code = AmxCode.Instance;
        code.Configure();
        for (var r = rowBegin; r < rowEnd; r += Rows)
        {
            var rows = Math.Min(Rows, rowEnd - r);
            for (var begin = 0; begin < k; begin += Piece)
            {
                var count = Math.Min(Piece, k - begin);
                Unpack(weights + (r * rowBytes), rowBytes, rows, begin, count, tiles, floats, scales);
                var steps = AmxPanels.Steps(count);
                var piece = AmxPanels.PieceAt(x, begin);
                code.Multiply(tiles, piece, steps, products);
                for (var first = 0; first < tokens; first += Width)
                {
                    // The tiles work on the next panel while this one's products are scaled.
                    var current = products;
                    var tokenScales = AmxPanels.ScalesOf(piece);
                    products = products == room ? room + ProductElements : room;
                    piece += AmxPanels.Stride(k);
                    if (first + Width < tokens) code.Multiply(tiles, piece, steps, products);
                    Add(current, scales, tokenScales, sums + (first * Rows), begin == 0);
                }
            }

            PanelSums.Store(sums, Width, Rows, rows, tokens, y + r, yStride);
        }

        code.Release();
    }

    /// <summary>Fills the tiles with a piece of some rows; rows behind the last are what lies there, and not used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Unpack(byte* row, long rowBytes, int rows, int begin, int count, byte* tiles, float* room, float* scales)
    {
        var steps = AmxPanels.Steps(count);
        var at = (long)begin / TFormat.Weights * TFormat.Bytes;
        row += at;
        if (NibbleGroups.IsSupported<TFormat>() && count == Piece)
        {
            for (var i = 0; i < rows; i++)
            {
                Prefetch(i);
                scales[i] = SplitNibbles.Measure<TFormat>(row + (i * rowBytes), room + (i * NibbleGroups.Floats));
            }

            for (var i = 0; i < rows; i++)
                SplitNibbles.Convert<TFormat>(row + (i * rowBytes), room + (i * NibbleGroups.Floats), Upper(i), Upper(i) + AmxCode.TileBytes, AmxCode.StepBytes);
            return;
        }

        for (var i = 0; i < Ahead; i++) new Span<float>(room + (i * Piece) + count, Piece - count).Clear();
        for (var first = 0; first < rows; first += Ahead)
        {
            var end = Math.Min(first + Ahead, rows);
            for (var i = first; i < end; i++)
            {
                Prefetch(i);
                var floats = room + ((i - first) * Piece);
                var sink = new StoreSink<Simd512, Vector512<float>>(floats);
                TFormat.Unpack<Simd512, Vector512<float>, StoreSink<Simd512, Vector512<float>>>(row + (i * rowBytes), count, ref sink);
                scales[i] = SplitIntegers.Most(floats, steps * AmxCode.Step);
            }

            for (var i = first; i < end; i++)
                scales[i] = SplitIntegers.Convert(room + ((i - first) * Piece), steps * AmxCode.Step, scales[i], Upper(i), Upper(i) + AmxCode.TileBytes, AmxCode.StepBytes);
        }

        sbyte* Upper(int i) => (sbyte*)tiles + (i / AmxCode.Side * steps * AmxCode.StepBytes) + (i % AmxCode.Side * AmxCode.Step);

        void Prefetch(int i) => Memory.PrefetchPieceAfter(row + (i * rowBytes), at, Piece / TFormat.Weights * TFormat.Bytes, rowBytes, Rows);
    }

    /// <summary>sums[row, token], plus (or, for the first piece, becomes) what the products of bytes stand for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Add(int* products, float* rowScales, float* tokenScales, float* sums, bool isFirst)
    {
        const int TileElements = AmxCode.TileBytes / sizeof(int);
        var byte256 = Vector512.Create(256f);
        var tokens = Vector512.Load(tokenScales) * byte256;
        for (var row = 0; row < Rows; row++)
        {
            var upper = products + (row / AmxCode.Side * 2 * TileElements) + (row % AmxCode.Side * Width);
            var mixed = Avx512F.ConvertToVector512Single(Vector512.Load(upper + TileElements));
            var product = Avx512F.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(Vector512.Load(upper)), byte256, mixed);
            var scaled = product * Vector512.Create(rowScales[row]);
            var target = sums + (row * Width);
            (isFirst ? scaled * tokens : Avx512F.FusedMultiplyAdd(scaled, tokens, Vector512.Load(target))).Store(target);
        }
    }
}

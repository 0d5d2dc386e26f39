using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.MachineCode;
using ArchGen.Cpu.Kernels.Simd;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

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
    private const int ProductElements = AmxCode.SumBytes / sizeof(int);

    /// <summary>y[t, r] for t in 0..tokens, r in rowBegin..rowEnd; parameters as those of IntegerProducts, x as in <see cref="AmxPanels"/>.</summary>
    [SkipLocalsInit]
    public static void Compute(byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, ScaledBytes? bytes, byte* x, int tokens, float* y, long yStride)
    {
        const int TilesBytes = Rows / AmxCode.Side * (Piece / AmxCode.Step) * AmxCode.StepBytes;
        const int Floats = (Rows * MaxTokens) + RowPieces<TFormat, Simd512, Vector512<float>, Target>.Room + Rows;
        var memory = stackalloc byte[TilesBytes + (2 * AmxCode.SumBytes) + (Floats * sizeof(float)) + 64];
        var tiles = (byte*)(((nuint)memory + 63) & ~(nuint)63);
        var room = (int*)(tiles + TilesBytes);
        var products = room;
        var sums = (float*)(room + (2 * ProductElements));
        var floats = sums + (Rows * MaxTokens);
        var scales = floats + RowPieces<TFormat, Simd512, Vector512<float>, Target>.Room;

        var code = AmxCode.Instance;
        code.Configure();
        for (var r = rowBegin; r < rowEnd; r += Rows)
        {
            var rows = Math.Min(Rows, rowEnd - r);
            for (var begin = 0; begin < k; begin += Piece)
            {
                var count = Math.Min(Piece, k - begin);
                var steps = AmxPanels.Steps(count);
                // Rows behind the last are what lies there, and not used.
                RowPieces<TFormat, Simd512, Vector512<float>, Target>.Unpack(
                    weights + (r * rowBytes), rowBytes, rows, Rows, begin, count, floats, new Target((sbyte*)tiles, steps), scales, bytes);
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

    /// <summary>Split integers in tiles, of so many steps.</summary>
    private readonly struct Target(sbyte* tiles, int steps) : IPieceTarget
    {
        public static int Unit => AmxCode.Step;

        // Less what rounding adds. Sums of products of bytes have 32 bits however long the vectors are.
        public static (float Length, float Magnitude) Most => (float.PositiveInfinity, SplitIntegers.Largest - 2);

        public float Measure(float* row, int count) => Magnitude.Most(row, count);

        public float Convert(float* row, int count, float measure, int index) =>
            SplitIntegers.Convert(row, count, measure, Upper(index), Upper(index) + AmxCode.TileBytes, AmxCode.StepBytes);

        public Vector512<int> Take(int row, int index, Vector512<short> first, Vector512<short> last, Vector512<int> sum)
        {
            var upper = Upper(row) + (index / AmxCode.Step * AmxCode.StepBytes);
            SplitIntegers.Store(first, last, upper, upper + AmxCode.TileBytes);
            return sum;
        }

        public void End(int row, Vector512<int> sum)
        {
        }

        private sbyte* Upper(int index) => tiles + (index / AmxCode.Side * steps * AmxCode.StepBytes) + (index % AmxCode.Side * AmxCode.Step);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.MachineCode;
using ArchGen.Cpu.Kernels.Simd;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// The product for many tokens on AMX, with weights and activations as <see cref="SplitIntegers"/>, a scale for each chunk of a row, and sums of floats. Some
/// rows' chunk is unpacked into tiles in the first-level cache, and used for every token.
/// </summary>
internal static unsafe class AmxProducts<TFormat>
    where TFormat : struct, IBlockFormat
{
    private const int MaxTokens = IntegerPanels.MaxTokens;

    private const int Rows = AmxEmitter.Blocks * AmxEmitter.Side;
    private const int ChunkSize = AmxPanels.ChunkSize;
    private const int Width = AmxPanels.Width;
    private const int ProductElements = AmxEmitter.SumBytes / sizeof(int);

    /// <summary>y[t, r] for t in 0..tokens, r in rowBegin..rowEnd; parameters as those of IntegerProducts, x as in <see cref="AmxPanels"/>.</summary>
    [SkipLocalsInit]
    public static void Compute(byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, ScaledBytes? bytes, byte* x, int tokens, float* y, long yStride)
    {
        const int TilesBytes = Rows / AmxEmitter.Side * (ChunkSize / AmxEmitter.Step) * AmxEmitter.StepBytes;
        const int Floats = (Rows * MaxTokens) + RowChunks<TFormat, Simd512, Vector512<float>, Target>.ScratchFloats + Rows;
        var memory = stackalloc byte[TilesBytes + (2 * AmxEmitter.SumBytes) + (Floats * sizeof(float)) + 64];
        var tiles = (byte*)(((nuint)memory + 63) & ~(nuint)63);
        var scratch = (int*)(tiles + TilesBytes);
        var products = scratch;
        var sums = (float*)(scratch + (2 * ProductElements));
        var floats = sums + (Rows * MaxTokens);
        var scales = floats + RowChunks<TFormat, Simd512, Vector512<float>, Target>.ScratchFloats;

        var code = AmxEmitter.Instance;
        code.Configure();
        for (var r = rowBegin; r < rowEnd; r += Rows)
        {
            var rows = Math.Min(Rows, rowEnd - r);
            for (var begin = 0; begin < k; begin += ChunkSize)
            {
                var count = Math.Min(ChunkSize, k - begin);
                var steps = AmxPanels.Steps(count);
                // Rows after the last are other data, and not used.
                RowChunks<TFormat, Simd512, Vector512<float>, Target>.Unpack(
                    weights + (r * rowBytes), rowBytes, rows, Rows, begin, count, floats, new Target((sbyte*)tiles, steps), scales, bytes);
                var chunk = AmxPanels.ChunkAt(x, begin);
                code.Multiply(tiles, chunk, steps, products);
                for (var first = 0; first < tokens; first += Width)
                {
                    // AMX multiplies the next panel while this one's products are scaled.
                    var current = products;
                    var tokenScales = AmxPanels.ScalesOf(chunk);
                    products = products == scratch ? scratch + ProductElements : scratch;
                    chunk += AmxPanels.Stride(k);
                    if (first + Width < tokens) code.Multiply(tiles, chunk, steps, products);
                    Add(current, scales, tokenScales, sums + (first * Rows), begin == 0);
                }
            }

            PanelSums.Store(sums, Width, Rows, rows, tokens, y + r, yStride);
        }

        code.Release();
    }

    /// <summary>sums[row, token], plus (or, for the first chunk, becomes) the value of the products of bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Add(int* products, float* rowScales, float* tokenScales, float* sums, bool isFirst)
    {
        const int TileElements = AmxEmitter.TileBytes / sizeof(int);
        var byte256 = Vector512.Create(256f);
        var tokens = Vector512.Load(tokenScales) * byte256;
        for (var row = 0; row < Rows; row++)
        {
            var upper = products + (row / AmxEmitter.Side * 2 * TileElements) + (row % AmxEmitter.Side * Width);
            var mixed = Avx512F.ConvertToVector512Single(Vector512.Load(upper + TileElements));
            var product = Avx512F.FusedMultiplyAdd(Avx512F.ConvertToVector512Single(Vector512.Load(upper)), byte256, mixed);
            var scaled = product * Vector512.Create(rowScales[row]);
            var target = sums + (row * Width);
            (isFirst ? scaled * tokens : Avx512F.FusedMultiplyAdd(scaled, tokens, Vector512.Load(target))).Store(target);
        }
    }

    /// <summary>Split integers in tiles of a number of steps.</summary>
    private readonly struct Target(sbyte* tiles, int steps) : IChunkTarget
    {
        public static int Unit => AmxEmitter.Step;

        // Minus the rounding. Sums of products of bytes fit 32 bits for any length of the vectors.
        public static (float Length, float Magnitude) Max => (float.PositiveInfinity, SplitIntegers.Largest - 2);

        public float Measure(float* row, int count) => Magnitude.Max(row, count);

        public float Convert(float* row, int count, float measure, int index) =>
            SplitIntegers.Convert(row, count, measure, Upper(index), Upper(index) + AmxEmitter.TileBytes, AmxEmitter.StepBytes);

        public Vector512<int> Take(int row, int index, Vector512<short> first, Vector512<short> last, Vector512<int> sum)
        {
            var upper = Upper(row) + (index / AmxEmitter.Step * AmxEmitter.StepBytes);
            SplitIntegers.Store(first, last, upper, upper + AmxEmitter.TileBytes);
            return sum;
        }

        public void End(int row, Vector512<int> sum)
        {
        }

        private sbyte* Upper(int index) => tiles + (index / AmxEmitter.Side * steps * AmxEmitter.StepBytes) + (index % AmxEmitter.Side * AmxEmitter.Step);
    }
}

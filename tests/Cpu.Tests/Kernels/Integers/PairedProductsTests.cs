using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Cpu.Kernels.MachineCode;

namespace ArchGen.Cpu.Tests.Kernels.Integers;

/// <summary>Tiles of integers multiplied in pairs, against each activation times its weight.</summary>
public sealed unsafe class PairedProductsTests
{
    private const int Width = IntegerPanels.Width, RowStride = IntegerPanels.RowBytes / sizeof(short), Header = IntegerPanels.HeaderBytes / sizeof(short);

    public static TheoryData<int, int, bool> Cases()
    {
        var cases = new TheoryData<int, int, bool>();
        foreach (var tokens in (int[])[1, 16, 17, 32])
        {
            foreach (var weights in (int[])[2, 5, 31, 64, 511, 512])
            {
                foreach (var areLarge in (bool[])[false, true])
                    cases.Add(tokens, weights, areLarge);
            }
        }

        return cases;
    }

    [VnniTheory]
    [MemberData(nameof(Cases))]
    public void They_are_the_products(int tokens, int weights, bool areLarge)
    {
        using var tile = new Tile(weights, areLarge);
        var (plain, paired) = (tile.Multiply(IntegerTileEmitter.Plain, tokens), tile.Multiply(IntegerTileEmitter.Paired, tokens));
        for (var row = 0; row < IntegerTileEmitter.Rows; row++)
        {
            for (var token = 0; token < tokens; token++)
            {
                var expected = (float)tile.Exact(row, token);
                Assert.Equal(expected, plain[(row * Width) + token]);
                Assert.Equal(expected, paired[(row * Width) + token]);
            }
        }
    }

    [VnniTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_wrong_correction_is_seen(bool ofRow)
    {
        using var tile = new Tile(512, areLarge: false);
        var right = tile.Multiply(IntegerTileEmitter.Paired, Width);
        tile.SpoilCorrection(ofRow);
        Assert.NotEqual(right, tile.Multiply(IntegerTileEmitter.Paired, Width));
    }

    /// <summary>Twelve rows of weights and a panel of activations, with scales of 1.</summary>
    private sealed class Tile : IDisposable
    {
        private readonly int _weights;
        private readonly NativeBuffer<short> _w = new(IntegerTileEmitter.Rows * RowStride);
        private readonly NativeBuffer<short> _x = new(Header + (Width * IntegerPanels.ChunkSize));
        private readonly NativeBuffer<float> _sums = new(IntegerTileEmitter.Rows * Width);
        private readonly NativeBuffer<float> _rowScales = new(IntegerTileEmitter.Rows);

        /// <param name="weights">Weights of a row; what is missing to a piece is zero.</param>
        /// <param name="areLarge">
        /// Whether all activations are as large as may be, so that what is added up leaves 32 bits many times over, though the results do not; else a few
        /// activations and weights are.
        /// </param>
        public Tile(int weights, bool areLarge)
        {
            _weights = weights;
            var random = new Random(weights);
            short Sign() => (short)(random.Next(2) == 0 ? 1 : -1);
            short Mixed(int most) => (short)(random.Next(100) == 0 ? Sign() * most : random.Next(-500, 501));
            for (var row = 0; row < IntegerTileEmitter.Rows; row++)
            {
                var w = _w.Pointer + (row * RowStride);
                for (var i = 0; i < weights; i++) w[i] = areLarge ? (short)random.Next(-1000, 1001) : Mixed(PairedProducts.MaxWeight);
                *(int*)((byte*)w + IntegerPanels.RowCorrectionOffset) = PairedProducts.Correction(w, IntegerPanels.ChunkSize);
            }

            using var token = new NativeBuffer<short>(IntegerPanels.ChunkSize);
            for (var t = 0; t < Width; t++)
            {
                for (var i = 0; i < weights; i++)
                {
                    X(t, i) = token.Span[i] = areLarge ? (short)(Sign() * PairedProducts.MaxActivation) : Mixed(PairedProducts.MaxActivation);
                }

                ((float*)_x.Pointer)[t] = 1;
                ((int*)_x.Pointer)[Width + t] = PairedProducts.Correction(token.Pointer, IntegerPanels.ChunkSize);
            }

            _rowScales.Span.Fill(1);
        }

        public long Exact(int row, int token)
        {
            var sum = 0L;
            for (var i = 0; i < _weights; i++) sum += (long)_w.Span[(row * RowStride) + i] * X(token, i);
            Assert.InRange(sum, int.MinValue, int.MaxValue);
            return sum;
        }

        public float[] Multiply(IntegerTileEmitter code, int tokens)
        {
            _sums.Span.Fill(float.NaN);
            code.Add(tokens, _w.Pointer, (_weights + 1) / 2, _x.Pointer + Header, _sums.Pointer, _rowScales.Pointer, isFirst: 1, default);
            return _sums.Span.ToArray();
        }

        public void SpoilCorrection(bool ofRow)
        {
            if (ofRow) ++*(int*)((byte*)_w.Pointer + IntegerPanels.RowCorrectionOffset);
            else ++((int*)_x.Pointer)[Width];
        }

        public void Dispose()
        {
            foreach (var owned in new IDisposable[] { _w, _x, _sums, _rowScales }) owned.Dispose();
        }

        private ref short X(int token, int i) => ref _x.Span[Header + ((i / 2 * Width) + token) * 2 + (i % 2)];
    }
}

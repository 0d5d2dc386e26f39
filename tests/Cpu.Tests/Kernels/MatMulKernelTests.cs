using ArchGen.Cpu.Kernels;
using ArchGen.Formats;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Tests.Kernels;

/// <summary>Every type on every instruction set against sums in double precision over the dequantized weights.</summary>
public sealed unsafe class MatMulKernelTests
{
    /// <summary>Columns after a row that belong to none.</summary>
    private const int Padding = 3;

    /// <summary>
    /// What rounding may cost: to 16-bit integers 2^-16 of the length of each piece, to floats 2^-24 of each factor. Where one weight is much larger than the
    /// others, or where codes leave the largest numbers of their format unused, it is felt that AMX leaves the products of lower bytes out; and on AVX512-VNNI,
    /// that paired products leave a weight 14 bits.
    /// </summary>
    private static double Tolerance(TensorType type, CpuTarget target) => (type, target) switch
    {
        _ when target.IsExact => 1e-12,
        (_, { InstructionSet: InstructionSet.Amx }) => 1e-5,
        (_, { InstructionSet: InstructionSet.Avx512Vnni }) => 2e-6,
        _ => 1e-6,
    };

    public static TheoryData<TensorType, InstructionSet, Precision> TypesAndTiers() => DequantizeTests.TypesAndTiers();

    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void Agrees_with_double_precision(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        foreach (var tokens in (int[])[1, 2, 3, 8, 16, 17, 21, 28, 40, 128, 131])
        {
            foreach (var (rowBegin, rowEnd) in ((int, int)[])[(0, 12), (3, 4), (1, 8)])
            {
                var error = Error(new Product(type, target, QuantizedRows.RowLength, tokens), rowBegin, rowEnd);
                Assert.True(error <= Tolerance(type, target), $"{tokens} tokens, rows {rowBegin}..{rowEnd}: NMSE {error:e2}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void Rows_need_not_fill_vectors(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        var block = type.BlockSize;
        foreach (var k in block == 1 ? (int[])[1, 7, 20, 257, 300, 531] : [block, 3 * block])
        {
            foreach (var tokens in (int[])[1, 3, 17, 33])
            {
                var error = Error(new Product(type, target, k, tokens), 0, 5);
                Assert.True(error <= Tolerance(type, target), $"k {k}, {tokens} tokens: NMSE {error:e2}");
            }
        }
    }

    /// <summary>Nor steps of 256, nor parts of 2048.</summary>
    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void Rows_need_not_fill_steps(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        foreach (var k in ((int[])[544, 576, 640, 896, 960, 2080]).Where(k => k % type.BlockSize == 0))
        {
            foreach (var tokens in (int[])[1, 2, 3, 4, 7, 16, 17, 23, 33, 40])
            {
                foreach (var (rowBegin, rowEnd) in ((int, int)[])[(0, 5), (3, 4), (1, 5)])
                {
                    var product = new Product(type, target, k, tokens) { RowLength = k };
                    var error = Error(product, rowBegin, rowEnd);
                    Assert.True(error <= Tolerance(type, target), $"k {k}, {tokens} tokens, rows {rowBegin}..{rowEnd}: NMSE {error:e2}");
                }
            }
        }
    }

    /// <summary>Wide rows are multiplied in parts, whose sums add up.</summary>
    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void Rows_may_be_wide(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        const int K = 6 * QuantizedRows.RowLength;
        foreach (var tokens in (int[])[1, 2, 3, 7, 16, 17])
        {
            var error = Error(new Product(type, target, K, tokens) { RowLength = K }, 0, 2);
            Assert.True(error <= Tolerance(type, target), $"{tokens} tokens: NMSE {error:e2}");
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void Gathered_tokens_are_those_named(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        foreach (var rows in (int[][])[[4], [9, 2, 2], [.. Enumerable.Range(0, 37).Select(i => i * 7 % 37)]])
        {
            var error = Error(new Product(type, target, QuantizedRows.RowLength, rows.Length, rows), 0, 12);
            Assert.True(error <= Tolerance(type, target), $"{rows.Length} gathered tokens: NMSE {error:e2}");
        }
    }

    /// <summary>Whatever the codes: sums of integers must not overflow where all codes and all activations are the largest.</summary>
    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void Any_codes_agree_with_double_precision(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        if (!type.IsQuantized) return;
        foreach (var code in (byte?[])[null, 0x00, 0x7F, 0x80, 0xFF])
        {
            foreach (var tokens in (int[])[1, 3, 16, 33])
            {
                foreach (var equal in (bool[])[false, true])
                {
                    var product = new Product(type, target, QuantizedRows.RowLength, tokens);
                    var error = Error(product with { Weights = ArbitraryRows.Create(type, code), EqualActivations = equal }, 0, 12);
                    // Equal numbers are rounded alike, and these errors add up.
                    Assert.True(error <= 10 * Tolerance(type, target), $"codes {code:x2}, {tokens} tokens, equal {equal}: NMSE {error:e2}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void A_changed_weight_is_seen(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        foreach (var tokens in (int[])[1, 5, 40])
        {
            var product = new Product(type, target, QuantizedRows.RowLength, tokens);
            var (error, changed) = (Error(product, 0, 12), Error(product with { Sabotage = true }, 0, 12));
            Assert.False(changed - error <= 1e-9, $"{tokens} tokens: NMSE {error:e2}, with a changed weight {changed:e2}");
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void Multiply_allocates_nothing(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        foreach (var tokens in (int[])[1, 4, 64])
        {
            foreach (var k in (int[])[type.BlockSize <= 32 ? 544 : 512, QuantizedRows.RowLength])
            {
                var product = new Product(type, target, k, tokens);
                // The first call of a process makes tables.
                Error(product, 0, 12);
                Error(product, 0, 12);
                Assert.Equal(0, product.AllocatedBytes);
            }
        }
    }

    /// <summary>
    /// Squared error over the squared terms: what NMSE is for terms of random sign, and not inflated where a row's terms cancel. Of arbitrary weights, whose
    /// terms may have one sign, over the squared results where these are larger; and where all are zero, over the squared activations.
    /// </summary>
    private static double Error(Product product, int rowBegin, int rowEnd)
    {
        var (type, k, tokens) = (product.Type, product.K, product.Tokens);
        var kernel = MatMulKernel.For(type, product.Target);
        var rowBytes = type.ByteLength(product.RowLength);
        var xRows = product.Rows is null ? tokens : product.Rows.Max() + 1;
        var (xStride, yStride) = (k + Padding, rowEnd + Padding);

        using var weights = new NativeBuffer<byte>(product.Weights ?? QuantizedRows.Read(type));
        using var exact = new NativeBuffer<float>(QuantizedRows.Rows * QuantizedRows.RowLength);
        TensorFormats.Of(type).DecoderWith(VectorWidth.Portable).Decode(weights.Pointer, exact.Pointer, exact.Span.Length);

        var random = new Random(k + tokens);
        using var x = new NativeBuffer<float>(xRows * xStride);
        foreach (ref var value in x.Span) value = (float)((random.NextDouble() - 0.5) * (random.Next(40) == 0 ? 30 : 1));
        if (product.EqualActivations) x.Span.Fill(1);
        using var rows = new NativeBuffer<int>(product.Rows);
        using var y = new NativeBuffer<float>(tokens * yStride);
        y.Span.Fill(float.NaN);
        using var prepared = new NativeBuffer<byte>(kernel.PreparedBytes(tokens, k));
        prepared.Span.Fill(0xFF);

        // The byte holds upper bits of a scale, a number or several quants in every format.
        if (product.Sabotage) weights.Span[(int)rowBytes + (type == TensorType.F32 ? 3 : 1)] ^= 0x10;
        kernel.WarmUp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var t = 0; t < tokens; t += MatMulKernel.PreparationGrain)
        {
            kernel.Prepare(x.Pointer, xStride, product.Rows is null ? null : rows.Pointer,
                t, Math.Min(t + MatMulKernel.PreparationGrain, tokens), tokens, k, prepared.Pointer);
        }

        kernel.Multiply(weights.Pointer, rowBytes, rowBegin, rowEnd, k, prepared.Pointer, tokens, y.Pointer, yStride);
        product.AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return Error(product, exact.Span, x.Span, y.Span, rowBegin, rowEnd);
    }

    /// <summary>The same of results that are there; those of no row must be as they were.</summary>
    private static double Error(Product product, ReadOnlySpan<float> exact, ReadOnlySpan<float> x, ReadOnlySpan<float> y, int rowBegin, int rowEnd)
    {
        var (xStride, yStride) = (product.K + Padding, rowEnd + Padding);
        var (difference, norm) = (0.0, 0.0);
        for (var t = 0; t < product.Tokens; t++)
        {
            for (var r = 0; r < yStride; r++)
            {
                var found = y[t * yStride + r];
                if (r < rowBegin || r >= rowEnd)
                {
                    Assert.True(float.IsNaN(found), $"Column {r} of token {t} is outside the rows and was written.");
                    continue;
                }

                var (expected, terms, activations) = (0.0, 0.0, 0.0);
                var row = product.Rows is null ? t : product.Rows[t];
                for (var i = 0; i < product.K; i++)
                {
                    double activation = x[row * xStride + i];
                    var term = activation * exact[r * product.RowLength + i];
                    expected += term;
                    terms += term * term;
                    activations += activation * activation;
                }

                norm += product.Weights is null ? terms : terms == 0 ? activations : Math.Max(terms, expected * expected);
                difference += (found - expected) * (found - expected);
            }
        }

        return difference / norm;
    }

    private sealed record Product(TensorType Type, CpuTarget Target, int K, int Tokens, int[]? Rows = null)
    {
        /// <summary>The length of a row in memory; rows are read one after the other.</summary>
        public int RowLength { get; init; } = QuantizedRows.RowLength;

        public byte[]? Weights { get; init; }

        public bool EqualActivations { get; init; }

        public bool Sabotage { get; init; }

        public long AllocatedBytes { get; set; }
    }
}

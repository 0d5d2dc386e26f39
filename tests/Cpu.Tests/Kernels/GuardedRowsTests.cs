using System.Runtime.InteropServices;
using ArchGen.Cpu.Kernels;
using ArchGen.Formats;

namespace ArchGen.Cpu.Tests.Kernels;

/// <summary>
/// Products of rows that end where the process may read no further, as those of a file's last tensor may: whoever reads behind them brings the tests down.
/// </summary>
public sealed unsafe partial class GuardedRowsTests
{
    private const int Rows = 3;

    private static readonly int[] Widths = [512, 544, 576, 640, 896], Counts = [1, 2, 4, 7, 16, 40];

    public static TheoryData<TensorType, InstructionSet, Precision> TypesAndTiers() => DequantizeTests.TypesAndTiers();

    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void Nothing_is_read_behind_the_last_row(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        foreach (var k in Widths.Where(k => k % type.BlockSize == 0))
        {
            var weights = Weights(type, k);
            using var plain = new NativeBuffer<byte>(weights);
            using var guarded = new GuardedMemory(weights);
            foreach (var tokens in Counts)
                Assert.Equal(Multiply(type, target, plain.Pointer, k, tokens), Multiply(type, target, guarded.Pointer, k, tokens));
        }
    }

    /// <summary>As zero times infinity is NaN, it is seen whether a product reads the scales of the next row.</summary>
    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void A_row_that_is_no_number_leaves_the_others_alone(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        foreach (var k in Widths.Where(k => k % type.BlockSize == 0))
        {
            using var weights = new NativeBuffer<byte>(Weights(type, k));
            var expected = Array.ConvertAll(Counts, tokens => Multiply(type, target, weights.Pointer, k, tokens));
            var rowBytes = (int)type.ByteLength(k);
            weights.Span.Slice(rowBytes, rowBytes).Fill(0xFF);
            for (var i = 0; i < Counts.Length; i++)
            {
                var found = Multiply(type, target, weights.Pointer, k, Counts[i]);
                foreach (var y in Enumerable.Range(0, found.Length).Where(y => y % Rows != 1))
                    Assert.True(expected[i][y] == found[y], $"k {k}, {Counts[i]} tokens: result {y} is {found[y]}, not {expected[i][y]}.");
            }
        }
    }

    [Fact]
    public void The_guard_is_where_the_rows_end()
    {
        using var memory = new GuardedMemory(new byte[100]);
        Assert.Equal(0, (memory.Pointer + 100 - (byte*)null) % Environment.SystemPageSize);
    }

    private static byte[] Weights(TensorType type, int k)
    {
        var weights = new byte[type.ByteLength(Rows * k)];
        if (type.IsQuantized) ArbitraryRows.Create(type, code: null).AsSpan(0, weights.Length).CopyTo(weights);
        return weights;
    }

    private static float[] Multiply(TensorType type, CpuTarget target, byte* weights, int k, int tokens)
    {
        var kernel = MatMulKernel.For(type, target);
        var random = new Random(tokens);
        using var x = new NativeBuffer<float>(tokens * k);
        foreach (ref var value in x.Span) value = random.NextSingle() - 0.5f;
        using var prepared = new NativeBuffer<byte>(kernel.PreparedBytes(tokens, k));
        using var y = new NativeBuffer<float>(tokens * Rows);
        kernel.Prepare(x.Pointer, k, null, 0, tokens, tokens, k, prepared.Pointer);
        kernel.Multiply(weights, type.ByteLength(k), 0, Rows, k, prepared.Pointer, tokens, y.Pointer, Rows);
        return y.Span.ToArray();
    }

    /// <summary>Bytes at the end of a page, the next of which may not be touched; without the guard where the system has no mprotect.</summary>
    private sealed unsafe partial class GuardedMemory : IDisposable
    {
        private const int NoAccess = 0, ReadAndWrite = 3;

        private readonly byte* _memory;
        private readonly nuint _pages;

        public GuardedMemory(byte[] bytes)
        {
            var page = (nuint)Environment.SystemPageSize;
            _pages = ((nuint)bytes.Length + page - 1) / page * page;
            _memory = (byte*)NativeMemory.AlignedAlloc(_pages + page, page);
            Pointer = _memory + _pages - bytes.Length;
            bytes.CopyTo(new Span<byte>(Pointer, bytes.Length));
            Protect(NoAccess);
        }

        public byte* Pointer { get; }

        public void Dispose()
        {
            Protect(ReadAndWrite);
            NativeMemory.AlignedFree(_memory);
        }

        private void Protect(int protection)
        {
            if (OperatingSystem.IsLinux()) Assert.Equal(0, Protect(_memory + _pages, (nuint)Environment.SystemPageSize, protection));
        }

        [LibraryImport("libc", EntryPoint = "mprotect")]
        private static partial int Protect(byte* start, nuint length, int protection);
    }
}

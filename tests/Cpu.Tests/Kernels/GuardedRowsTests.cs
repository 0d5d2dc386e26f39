using System.Runtime.InteropServices;
using ArchGen.Cpu.Kernels;
using ArchGen.Formats;

namespace ArchGen.Cpu.Tests.Kernels;

/// <summary>
/// Products of rows that end where the process may read no further, as those of a file's last tensor may: whoever reads behind them brings the tests down.
/// </summary>
public sealed unsafe partial class GuardedRowsTests
{
    private const int Rows = 3, K = 512;

    public static TheoryData<TensorType, InstructionSet, Precision> TypesAndTiers() => DequantizeTests.TypesAndTiers();

    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void Nothing_is_read_behind_the_last_row(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        var weights = new byte[type.ByteLength(Rows * K)];
        if (type.IsQuantized) ArbitraryRows.Create(type, code: null).AsSpan(0, weights.Length).CopyTo(weights);
        using var plain = new NativeBuffer<byte>(weights);
        using var guarded = new GuardedMemory(weights);
        foreach (var tokens in (int[])[1, 2, 4, 7, 16, 40])
            Assert.Equal(Multiply(type, target, plain.Pointer, tokens), Multiply(type, target, guarded.Pointer, tokens));
    }

    [Fact]
    public void The_guard_is_where_the_rows_end()
    {
        using var memory = new GuardedMemory(new byte[100]);
        Assert.Equal(0, (memory.Pointer + 100 - (byte*)null) % Environment.SystemPageSize);
    }

    private static float[] Multiply(TensorType type, CpuTarget target, byte* weights, int tokens)
    {
        var kernel = MatMulKernel.For(type, target);
        var random = new Random(tokens);
        using var x = new NativeBuffer<float>(tokens * K);
        foreach (ref var value in x.Span) value = random.NextSingle() - 0.5f;
        using var prepared = new NativeBuffer<byte>(kernel.PreparedBytes(tokens, K));
        using var y = new NativeBuffer<float>(tokens * Rows);
        kernel.Prepare(x.Pointer, K, null, 0, tokens, tokens, K, prepared.Pointer);
        kernel.Multiply(weights, type.ByteLength(K), 0, Rows, K, prepared.Pointer, tokens, y.Pointer, Rows);
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

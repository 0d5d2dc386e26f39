using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Integers;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>
/// Products of tiles of 16-bit integers on 512-bit AVX512-VNNI, for which .NET has no intrinsics (Intel 64 and IA-32 Architectures Software Developer's
/// Manual, volume 2, VPDPWSSD).
/// </summary>
internal sealed unsafe class IntegerTileCode
{
    /// <summary>Rows of a tile: with two vectors of tokens, their sums fill 24 of the 32 registers.</summary>
    public const int Rows = 12;

    private static readonly Lazy<IntegerTileCode> Shared = new(Assemble);

    private readonly nint _tile16, _tile32;

    private IntegerTileCode(nint tile16, nint tile32) => (_tile16, _tile32) = (tile16, tile32);

    /// <summary>The code, assembled when it is first asked for.</summary>
    public static IntegerTileCode Instance => Shared.Value;

    /// <summary>Whether the processor has these instructions and the system allows assembled code. Assembles nothing.</summary>
    public static bool IsSupported { get; } = HasInstructions() && ExecutableMemory.IsAllowed;

    /// <summary>As <see cref="IIntegerTile.Add"/>; up to 16 tokens go faster.</summary>
    public void Add(int tokens, short* w, nint pairs, short* x, float* sums, float* rowScales, nint isFirst) =>
        ((delegate* unmanaged[Cdecl, SuppressGCTransition]<short*, nint, short*, float*, float*, nint, void>)(tokens > 16 ? _tile32 : _tile16))(
            w, pairs, x, sums, rowScales, isFirst);

    private static bool HasInstructions()
    {
        const int Vnni = 1 << 11;
        return X86Base.IsSupported && CpuTiers.IsSupported(CpuTier.Avx512) && (X86Base.CpuId(7, 0).Ecx & Vnni) != 0;
    }

    private static IntegerTileCode Assemble()
    {
        var block = new CodeBlock();
        var (tile16, tile32) = (block.Add(a => Write(a, vectors: 1)), block.Add(a => Write(a, vectors: 2)));
        var code = block.Map();
        return new IntegerTileCode(code + tile16, code + tile32);
    }

    // w, pairs, x, sums, rowScales, isFirst are in rdi, rsi, rdx, rcx, r8, r9.
    private static void Write(Assembler a, int vectors)
    {
        const int PanelBytes = IntegerPanels.Width * 2 * sizeof(short), SumsBytes = IntegerPanels.Width * sizeof(float), VectorBytes = 64;
        AssemblerRegisterZMM[] registers =
        [
            zmm0, zmm1, zmm2, zmm3, zmm4, zmm5, zmm6, zmm7, zmm8, zmm9, zmm10, zmm11,
            zmm12, zmm13, zmm14, zmm15, zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23,
        ];
        AssemblerRegisterZMM[] x = [zmm24, zmm25], weights = [zmm26, zmm27, zmm28, zmm29], scales = [zmm30, zmm31];
        AssemblerRegisterZMM Sum(int row, int vector) => registers[(row * vectors) + vector];
        AssemblerMemoryOperand Stored(int row, int vector) => __zmmword_ptr[rcx + ((row * SumsBytes) + (vector * VectorBytes))];

        for (var v = 0; v < vectors; v++) a.vmovups(scales[v], __zmmword_ptr[rdx + ((v * VectorBytes) - IntegerPanels.ScaleBytes)]);
        for (var i = 0; i < Rows * vectors; i++) a.vpxord(registers[i], registers[i], registers[i]);
        var next = a.CreateLabel();
        a.Label(ref next);
        for (var v = 0; v < vectors; v++) a.vmovdqu32(x[v], __zmmword_ptr[rdx + (v * VectorBytes)]);
        for (var row = 0; row < Rows; row++)
        {
            var weight = weights[row % weights.Length];
            a.vpbroadcastd(weight, __dword_ptr[rdi + (row * IntegerPanels.RowBytes)]);
            for (var v = 0; v < vectors; v++) a.vpdpwssd(Sum(row, v), x[v], weight);
        }

        a.add(rdi, 2 * sizeof(short));
        a.add(rdx, PanelBytes);
        a.dec(rsi);
        a.jne(next);

        for (var row = 0; row < Rows; row++)
            for (var v = 0; v < vectors; v++)
            {
                a.vcvtdq2ps(Sum(row, v), Sum(row, v));
                a.vmulps(Sum(row, v), Sum(row, v), __dword_bcst[r8 + (row * sizeof(float))]);
            }

        Label add = a.CreateLabel(), store = a.CreateLabel();
        a.test(r9, r9);
        a.je(add);
        for (var row = 0; row < Rows; row++)
            for (var v = 0; v < vectors; v++) a.vmulps(Sum(row, v), Sum(row, v), scales[v]);
        a.jmp(store);
        a.Label(ref add);
        for (var row = 0; row < Rows; row++)
            for (var v = 0; v < vectors; v++) a.vfmadd213ps(Sum(row, v), scales[v], Stored(row, v));
        a.Label(ref store);
        for (var row = 0; row < Rows; row++)
            for (var v = 0; v < vectors; v++) a.vmovups(Stored(row, v), Sum(row, v));
        a.vzeroupper();
        a.ret();
    }
}

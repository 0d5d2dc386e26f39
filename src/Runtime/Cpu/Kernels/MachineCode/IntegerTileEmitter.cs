using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.Integers;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>
/// Products of tiles of 16-bit integers on 512-bit AVX512-VNNI, for which .NET has no intrinsics (Intel 64 and IA-32 Architectures Software Developer's
/// Manual, volume 2, VPDPWSSD), plain or as <see cref="PairedProducts"/>.
/// </summary>
internal sealed unsafe class IntegerTileEmitter
{
    /// <summary>Rows of a tile: with two vectors of tokens, their sums fill 24 of the 32 registers.</summary>
    public const int Rows = 12;

    // Bytes of the same pair of activations of a panel's tokens, and of 16 of them.
    private const int PairBytes = IntegerPanels.Width * 2 * sizeof(short), VectorBytes = 64;

    private static readonly AssemblerRegisterZMM[] Registers =
    [
        zmm0, zmm1, zmm2, zmm3, zmm4, zmm5, zmm6, zmm7, zmm8, zmm9, zmm10, zmm11,
        zmm12, zmm13, zmm14, zmm15, zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23,
    ];

    private static readonly Lazy<IntegerTileEmitter> SharedPlain = new(() => new IntegerTileEmitter(isPaired: false));
    private static readonly Lazy<IntegerTileEmitter> SharedPaired = new(() => new IntegerTileEmitter(isPaired: true));

    private readonly nint _tile16, _tile32;
    private readonly bool _isPaired;

    private IntegerTileEmitter(bool isPaired)
    {
        var block = new CodeBlock();
        var (tile16, tile32) = (block.Add(a => Write(a, vectors: 1, isPaired)), block.Add(a => Write(a, vectors: 2, isPaired)));
        var code = block.Map();
        (_tile16, _tile32, _isPaired) = (code + tile16, code + tile32, isPaired);
    }

    /// <summary>The code that multiplies each activation with its weight, assembled at first use.</summary>
    public static IntegerTileEmitter Plain => SharedPlain.Value;

    /// <summary>The code for <see cref="PairedProducts"/>, assembled at first use.</summary>
    public static IntegerTileEmitter Paired => SharedPaired.Value;

    /// <summary>Whether the processor has these instructions and the system allows assembled code. Assembles nothing.</summary>
    public static bool IsSupported { get; } = HasInstructions() && ExecutableMemory.IsAllowed;

    /// <summary>As <see cref="IIntegerTile.Add"/>; up to 16 tokens go faster.</summary>
    public void Add(int tokens, short* w, nint pairs, short* x, float* sums, float* rowScales, nint isFirst, BytesAhead ahead)
    {
        var arguments = new Arguments { RowScales = rowScales, IsFirst = isFirst, Ahead = ahead.Next, BytesPerStep = ahead.BytesPerStep * (_isPaired ? 2 : 1) };
        ((delegate* unmanaged[Cdecl, SuppressGCTransition]<short*, nint, short*, float*, Arguments*, void>)(tokens > 16 ? _tile32 : _tile16))(
            w, _isPaired ? (pairs + 1) / 2 : pairs, x, sums, &arguments);
    }

    private static bool HasInstructions()
    {
        const int Vnni = 1 << 11;
        return X86Base.IsSupported && InstructionSets.IsSupported(InstructionSet.Avx512) && (X86Base.CpuId(7, 0).Ecx & Vnni) != 0;
    }

    // w, steps, x, sums and the other arguments are in rdi, rsi, rdx, rcx, r8. A step is a pair of weights, or two.
    private static void Write(Assembler a, int vectors, bool isPaired)
    {
        const int SumsBytes = IntegerPanels.Width * sizeof(float);
        var sums = Registers.AsSpan(0, Rows * vectors).ToArray();
        AssemblerRegisterZMM[] scales = [zmm30, zmm31];
        AssemblerMemoryOperand Stored(int row, int vector) => __zmmword_ptr[rcx + ((row * SumsBytes) + (vector * VectorBytes))];

        AssemblerMemoryOperand Argument(string field) => __qword_ptr[r8 + (int)Marshal.OffsetOf<Arguments>(field)];

        a.mov(rax, rdx);
        a.mov(r10, Argument(nameof(Arguments.Ahead)));
        a.mov(r11, Argument(nameof(Arguments.BytesPerStep)));
        a.mov(r9, Argument(nameof(Arguments.IsFirst)));
        a.mov(r8, Argument(nameof(Arguments.RowScales)));
        if (isPaired) WritePaired(a, sums, vectors);
        else WritePlain(a, sums, vectors);
        for (var v = 0; v < vectors; v++) a.vmovups(scales[v], __zmmword_ptr[rax + ((v * VectorBytes) - IntegerPanels.HeaderBytes)]);
        for (var i = 0; i < sums.Length; i++)
        {
            a.vcvtdq2ps(sums[i], sums[i]);
            a.vmulps(sums[i], sums[i], __dword_bcst[r8 + (i / vectors * sizeof(float))]);
        }

        Label add = a.CreateLabel(), store = a.CreateLabel();
        a.test(r9, r9);
        a.je(add);
        for (var i = 0; i < sums.Length; i++) a.vmulps(sums[i], sums[i], scales[i % vectors]);
        a.jmp(store);
        a.Label(ref add);
        for (var i = 0; i < sums.Length; i++) a.vfmadd213ps(sums[i], scales[i % vectors], Stored(i / vectors, i % vectors));
        a.Label(ref store);
        for (var i = 0; i < sums.Length; i++) a.vmovups(Stored(i / vectors, i % vectors), sums[i]);
        a.vzeroupper();
        a.ret();
    }

    // sums[row, vector] = the sum of x[pair] . w[row, pair]
    private static void WritePlain(Assembler a, AssemblerRegisterZMM[] sums, int vectors)
    {
        AssemblerRegisterZMM[] x = [zmm24, zmm25], weights = [zmm26, zmm27, zmm28, zmm29];
        foreach (var sum in sums) a.vpxord(sum, sum, sum);
        WriteLoop(a, pairs: 1, () =>
        {
            for (var v = 0; v < vectors; v++) a.vmovdqu32(x[v], __zmmword_ptr[rdx + (v * VectorBytes)]);
            for (var row = 0; row < Rows; row++)
            {
                var weight = weights[row % weights.Length];
                a.vpbroadcastd(weight, __dword_ptr[rdi + (row * IntegerPanels.RowBytes)]);
                for (var v = 0; v < vectors; v++) a.vpdpwssd(sums[(row * vectors) + v], x[v], weight);
            }
        });
    }

    // The same from (x[first] + w[row, second]) . (x[second] + w[row, first]) and the corrections.
    private static void WritePaired(Assembler a, AssemblerRegisterZMM[] sums, int vectors)
    {
        AssemblerRegisterZMM[] first = [zmm24, zmm25], second = [zmm26, zmm27];
        AssemblerRegisterZMM firstWeight = zmm28, secondWeight = zmm29, left = zmm30, right = zmm31;
        for (var v = 0; v < vectors; v++) a.vmovdqu32(first[v], __zmmword_ptr[rdx + ((v * VectorBytes) - IntegerPanels.CorrectionBytes)]);
        for (var i = 0; i < sums.Length; i++)
            a.vpaddd(sums[i], first[i % vectors], __dword_bcst[rdi + ((i / vectors * IntegerPanels.RowBytes) + IntegerPanels.RowCorrectionOffset)]);
        WriteLoop(a, pairs: 2, () =>
        {
            for (var v = 0; v < vectors; v++)
            {
                a.vmovdqu32(first[v], __zmmword_ptr[rdx + (v * VectorBytes)]);
                a.vmovdqu32(second[v], __zmmword_ptr[rdx + (PairBytes + (v * VectorBytes))]);
            }

            for (var row = 0; row < Rows; row++)
            {
                a.vpbroadcastd(firstWeight, __dword_ptr[rdi + (row * IntegerPanels.RowBytes)]);
                a.vpbroadcastd(secondWeight, __dword_ptr[rdi + ((row * IntegerPanels.RowBytes) + (2 * sizeof(short)))]);
                for (var v = 0; v < vectors; v++)
                {
                    a.vpaddw(left, first[v], secondWeight);
                    a.vpaddw(right, second[v], firstWeight);
                    a.vpdpwssd(sums[(row * vectors) + v], left, right);
                }
            }
        });
    }

    // Pairs of weights of a step.
    private static void WriteLoop(Assembler a, int pairs, Action writeStep)
    {
        var next = a.CreateLabel();
        a.Label(ref next);
        a.prefetcht1(__byte_ptr[r10]);
        a.add(r10, r11);
        writeStep();
        a.add(rdi, pairs * 2 * sizeof(short));
        a.add(rdx, pairs * PairBytes);
        a.dec(rsi);
        a.jne(next);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Arguments
    {
        public float* RowScales;
        public nint IsFirst;
        public byte* Ahead;
        public nint BytesPerStep;
    }
}

using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ArchGen.Cpu.Integers;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>
/// Dot products of quantized rows with activations of 16-bit integers on 512-bit AVX512-VNNI, for which .NET has no intrinsics (Intel 64 and IA-32
/// Architectures Software Developer's Manual, volume 2, VPDPBUSD). Weights are unpacked to unsigned bytes, 64 at a time, and multiplied with the upper and the
/// lower bytes of the activations; each group's sum is an exact integer, then scaled.
/// </summary>
internal sealed unsafe class IntegerDotCode
{
    private static readonly ConcurrentDictionary<TensorType, IntegerDotCode> Shared = new();

    private readonly nint _one, _two, _four;

    private IntegerDotCode(TensorType type)
    {
        var format = IntegerFormat.Create(type);
        var block = new CodeBlock();
        var (one, two, four) = (block.Add(a => Write(a, format, 1)), block.Add(a => Write(a, format, 2)), block.Add(a => Write(a, format, 4)));
        var code = block.Map();
        (_one, _two, _four) = (code + one, code + two, code + four);
    }

    /// <summary>Whether there is code for a type. Assembles nothing.</summary>
    public static bool IsSupported(TensorType type) =>
        IntegerTileCode.IsSupported && type is (TensorType.Q4_0 or TensorType.Q8_0 or TensorType.Q4_K or TensorType.Q5_K or TensorType.Q6_K);

    /// <summary>The code for a type, assembled when it is first asked for.</summary>
    public static IntegerDotCode For(TensorType type) => Shared.GetOrAdd(type, static t => new IntegerDotCode(t));

    /// <summary>y[t, r] = the dot product of row r and token t, for so many tokens and rows.</summary>
    /// <param name="weights">The first row.</param>
    /// <param name="rowBytes">Bytes from one row to the next.</param>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="k">Weights of a row, a multiple of 256, at least that.</param>
    /// <param name="x">The first token, as in <see cref="IntegerActivations"/>.</param>
    /// <param name="xStride">Bytes from one token to the next.</param>
    /// <param name="tokens">Number of tokens, at least 1.</param>
    /// <param name="y">The results, [tokens, ..].</param>
    /// <param name="yStride">Floats from the results of one token to the next.</param>
    public void Compute(byte* weights, long rowBytes, int rows, int k, byte* x, long xStride, int tokens, float* y, long yStride)
    {
        while (tokens > 0)
        {
            var (code, count) = tokens >= 4 ? (_four, 4) : tokens >= 2 ? (_two, 2) : (_one, 1);
            var arguments = new Arguments
            {
                Weights = weights,
                RowBytes = (nint)rowBytes,
                Rows = rows,
                Blocks = k / IntegerActivations.BlockSize,
                X = x,
                XStride = (nint)xStride,
                Y = y,
                YStride = (nint)yStride * sizeof(float),
            };
            ((delegate* unmanaged[Cdecl, SuppressGCTransition]<Arguments*, void>)code)(&arguments);
            x += count * xStride;
            y += count * yStride;
            tokens -= count;
        }
    }

    // The arguments are in rdi.
    private static void Write(Assembler a, IntegerFormat format, int tokens)
    {
        AssemblerRegister64[] x = [rdx, rsi, r11, rdi];
        AssemblerRegisterZMM[] block = [zmm0, zmm1, zmm2, zmm3], total = [zmm4, zmm5, zmm6, zmm7], dots = [zmm8, zmm9, zmm10, zmm11];
        Label nextRow = a.CreateLabel(), nextBlock = a.CreateLabel(), constants = a.CreateLabel();
        AssemblerMemoryOperand Argument(string field) => __qword_ptr[rbx + (int)Marshal.OffsetOf<Arguments>(field)];

        a.push(rbx);
        a.mov(rbx, rdi);
        a.mov(r8, Argument(nameof(Arguments.Weights)));
        a.mov(r9, Argument(nameof(Arguments.Rows)));
        a.mov(r10, Argument(nameof(Arguments.Y)));
        format.Begin(a, constants);

        a.Label(ref nextRow);
        a.mov(rax, r8);
        a.mov(rcx, Argument(nameof(Arguments.Blocks)));
        a.mov(x[0], Argument(nameof(Arguments.X)));
        for (var t = 1; t < tokens; t++)
        {
            a.mov(x[t], x[t - 1]);
            a.add(x[t], Argument(nameof(Arguments.XStride)));
        }

        for (var t = 0; t < tokens; t++) a.vpxord(total[t], total[t], total[t]);

        a.Label(ref nextBlock);
        const int PrefetchDistance = 2048, Line = 64;
        for (var at = 0; at < format.Bytes; at += Line) a.prefetcht0(__byte_ptr[rax + (PrefetchDistance + at)]);
        format.BeginBlock(a, rax);
        for (var part = 0; part < IntegerActivations.BlockSize / 64; part++)
        {
            format.Unpack(a, rax, part, IntegerFormat.Weights);
            format.Scale(a, part, IntegerFormat.PartScale);
            for (var t = 0; t < tokens; t++)
            {
                // Two sets of registers, so that a part need not wait for the one before.
                var dot = tokens == 4 ? dots[t] : dots[(2 * (part & 1)) + t];
                a.vpxord(dot, dot, dot);
                a.vpdpbusd(dot, IntegerFormat.Weights, __zmmword_ptr[x[t] + (IntegerActivations.UpperOffset + (64 * part))]);
                a.vpslld(dot, dot, 8);
                a.vpdpbusd(dot, IntegerFormat.Weights, __zmmword_ptr[x[t] + (IntegerActivations.LowerOffset + (64 * part))]);
                a.vcvtdq2ps(dot, dot);
                if (part == 0) a.vmulps(block[t], dot, IntegerFormat.PartScale);
                else a.vfmadd231ps(block[t], dot, IntegerFormat.PartScale);
            }
        }

        for (var t = 0; t < tokens; t++)
        {
            format.SubtractOffsets(a, x[t], block[t]);
            a.vfmadd231ps(total[t], block[t], __dword_bcst[x[t] + IntegerActivations.ScaleOffset]);
        }

        a.add(rax, format.Bytes);
        for (var t = 0; t < tokens; t++) a.add(x[t], IntegerActivations.BlockBytes);
        a.dec(rcx);
        a.jne(nextBlock);

        a.mov(rax, r10);
        for (var t = 0; t < tokens; t++)
        {
            StoreSum(a, total[t], new AssemblerRegisterYMM(Register.YMM4 + t), new AssemblerRegisterXMM(Register.XMM4 + t), rax);
            if (t < tokens - 1) a.add(rax, Argument(nameof(Arguments.YStride)));
        }

        a.add(r10, sizeof(float));
        a.add(r8, Argument(nameof(Arguments.RowBytes)));
        a.dec(r9);
        a.jne(nextRow);
        a.vzeroupper();
        a.pop(rbx);
        a.ret();
        format.WriteConstants(a, ref constants);
    }

    private static void StoreSum(Assembler a, AssemblerRegisterZMM sum, AssemblerRegisterYMM lower, AssemblerRegisterXMM lowest, AssemblerRegister64 target)
    {
        a.vextractf64x4(ymm8, sum, 1);
        a.vaddps(lower, lower, ymm8);
        a.vextractf128(xmm8, lower, 1);
        a.vaddps(lowest, lowest, xmm8);
        a.vhaddps(lowest, lowest, lowest);
        a.vhaddps(lowest, lowest, lowest);
        a.vmovss(__dword_ptr[target], lowest);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Arguments
    {
        public byte* Weights;
        public nint RowBytes, Rows, Blocks;
        public byte* X;
        public nint XStride;
        public float* Y;
        public nint YStride;
    }
}

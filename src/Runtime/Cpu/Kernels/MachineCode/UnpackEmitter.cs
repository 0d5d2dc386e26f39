using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Cpu.Kernels.MachineCode.Formats;
using ArchGen.Formats;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>
/// Unpacks blocks of 256 weights into <see cref="ScaledBytes"/>, for <see cref="IntegerTileEmitter"/>: signed bytes, and the scales and minima of their
/// lanes, in the order that dot products have.
/// </summary>
internal sealed unsafe class UnpackEmitter
{
    private const int PartBytes = 64, Line = 64;

    private static readonly ConcurrentDictionary<TensorType, UnpackEmitter> Shared = new();

    // Registers that formats leave free while they unpack one row: the offset of numbers, or without offset 127, or with minima 1.
    private static readonly AssemblerRegisterZMM Number = zmm0, KeptBits = zmm1;

    private readonly nint _code;

    private UnpackEmitter(IntegerFormat format)
    {
        var block = new CodeBlock();
        var offset = block.Add(a => Write(a, format));
        _code = block.Map() + offset;
    }

    /// <summary>The code for a type whose <see cref="FormatKernels.FindIntegers"/> is not null, assembled at first use.</summary>
    public static UnpackEmitter For(TensorType type) => Shared.GetOrAdd(type, static type => new UnpackEmitter(FormatKernelTable.Of(type).FindIntegers()!));

    /// <summary>Unpacks some blocks of some rows.</summary>
    /// <param name="weights">The first block of the first row.</param>
    /// <param name="rowBytes">Bytes from one row to the next.</param>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="blocks">Blocks of a row, at least 1.</param>
    /// <param name="ahead">The prefetch distance from a block, in bytes.</param>
    /// <param name="destination">The blocks, [rows, blocks], each as in <see cref="ScaledBytes"/>; aligned to 64 bytes.</param>
    public void Run(byte* weights, long rowBytes, int rows, int blocks, long ahead, byte* destination)
    {
        var arguments = new Arguments
        {
            Weights = weights,
            RowBytes = (nint)rowBytes,
            Rows = rows,
            Blocks = blocks,
            Ahead = (nint)ahead,
            Destination = destination,
        };
        ((delegate* unmanaged[Cdecl, SuppressGCTransition]<Arguments*, void>)_code)(&arguments);
    }

    // The arguments are in rdi.
    private static void Write(Assembler a, IntegerFormat format)
    {
        AssemblerRegister64[] saved = [rbx, r12, r13, r14, r15];
        var at = new DotOperands([rax], [], Constants: r13);
        Label nextRow = a.CreateLabel(), nextBlock = a.CreateLabel();
        AssemblerMemoryOperand Argument(string field) => __qword_ptr[rbx + (int)Marshal.OffsetOf<Arguments>(field)];

        foreach (var register in saved) a.push(register);
        a.mov(rbx, rdi);
        a.mov(r8, Argument(nameof(Arguments.Weights)));
        a.mov(r9, Argument(nameof(Arguments.Rows)));
        a.mov(r10, Argument(nameof(Arguments.Destination)));
        a.mov(rdx, Argument(nameof(Arguments.Ahead)));
        format.Begin(a, at);
        var constants = new VectorConstants();
        constants.Add(Number, _ => (format.HasMinima ? 1 : HasOffset(format) ? format.Offset : sbyte.MaxValue) * 0x01010101);
        constants.Add(KeptBits, _ => (byte)(0xFF << format.Headroom) * 0x01010101);
        var sign = constants.AddInMemory(_ => int.MinValue);
        constants.Load(a, rsi);

        a.Label(ref nextRow);
        a.mov(rax, r8);
        a.add(r8, Argument(nameof(Arguments.RowBytes)));
        a.mov(rcx, Argument(nameof(Arguments.Blocks)));
        a.Label(ref nextBlock);
        for (var line = 0; line < format.Bytes; line += Line) a.prefetcht1(__byte_ptr[rax + rdx + line]);
        format.Read(a, at);
        WriteBlock(a, at, format, __zmmword_ptr[rsi + sign]);
        a.add(rax, format.Bytes);
        a.add(r10, ScaledBytes.BlockBytes);
        a.dec(rcx);
        a.jne(nextBlock);
        a.dec(r9);
        a.jne(nextRow);

        a.vzeroupper();
        foreach (var register in saved.Reverse()) a.pop(register);
        a.ret();
    }

    private static void WriteBlock(Assembler a, DotOperands at, IntegerFormat format, AssemblerMemoryOperand sign)
    {
        var (weights, scales, minima) = IntegerFormat.Blocks[0];
        format.Align(a, at);
        format.PlaceMinima(a, at);
        if (format.AreMinimaSubtracted) a.vpxord(minima, minima, sign);
        if (HasOffset(format))
            foreach (var part in weights) a.vpsubb(part, part, Number);

        WriteSquares(a, format);
        for (var i = 0; i < weights.Length; i++)
        {
            if (format.Headroom != 0)
            {
                a.vpsllw(weights[i], weights[i], (byte)format.Headroom);
                a.vpandd(weights[i], weights[i], KeptBits);
            }

            a.vmovdqa32(__zmmword_ptr[r10 + (PartBytes * i)], weights[i]);
        }

        a.vmovaps(__zmmword_ptr[r10 + ScaledBytes.ScalesOffset], scales);
        if (format.HasMinima) a.vmovaps(__zmmword_ptr[r10 + ScaledBytes.MinimaOffset], minima);
    }

    // The lanes' sums of (scale * number + minimum)^2, of 16 numbers each.
    private static void WriteSquares(Assembler a, IntegerFormat format)
    {
        var (weights, scales, minima) = IntegerFormat.Blocks[0];
        AssemblerRegisterZMM squares = zmm8, sums = zmm9, magnitudes = zmm10;
        a.vpxord(squares, squares, squares);
        if (format.HasMinima) a.vpxord(sums, sums, sums);
        foreach (var part in weights)
        {
            if (format.HasMinima)
            {
                a.vpdpbusd(squares, part, part);
                a.vpdpbusd(sums, part, Number);
                continue;
            }

            a.vpabsb(magnitudes, part);
            // Of one factor the magnitude must not be 128.
            if (!HasOffset(format)) a.vpminub(magnitudes, magnitudes, Number);
            a.vpdpbusd(squares, magnitudes, magnitudes);
        }

        a.vcvtdq2ps(squares, squares);
        a.vmulps(squares, squares, scales);
        if (format.HasMinima)
        {
            // scale * (scale * squares + 2 * minimum * sums) + (4 * minimum)^2
            a.vcvtdq2ps(sums, sums);
            a.vaddps(sums, sums, sums);
            a.vfmadd231ps(squares, sums, minima);
            a.vaddps(sums, minima, minima);
            a.vaddps(sums, sums, sums);
            a.vmulps(sums, sums, sums);
            a.vfmadd213ps(squares, scales, sums);
        }
        else
        {
            a.vmulps(squares, squares, scales);
        }

        a.vmovaps(__zmmword_ptr[r10 + ScaledBytes.SquaresOffset], squares);
    }

    private static bool HasOffset(IntegerFormat format) => format.Offset != 0;

    [StructLayout(LayoutKind.Sequential)]
    private struct Arguments
    {
        public byte* Weights;
        public nint RowBytes;
        public nint Rows;
        public nint Blocks;
        public nint Ahead;
        public byte* Destination;
    }
}

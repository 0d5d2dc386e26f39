using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Q8_0;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode;

/// <summary>
/// Eight blocks of 32 weights: a half-precision scale and signed bytes, which become words (Intel 64 and IA-32 Architectures Software Developer's Manual,
/// volume 2, VPDPWSSD). Half of one block and half of the next make a vector, so that a product with a scale serves for 64 weights.
/// </summary>
internal sealed unsafe class Q8_0DotBody : IntegerDotBody
{
    private const int Part = 64;

    private static readonly int BlockBytes = sizeof(Q8_0Block), QuantsOffset = Offsets.Of<Q8_0Block>(b => b->Quants);

    private static readonly AssemblerRegisterZMM Scales = zmm16, Temporary = zmm17, PartScale = zmm18, HalfIndices = zmm21;
    private static readonly AssemblerRegisterZMM[] PartIndices = [zmm28, zmm29, zmm30, zmm31];
    private static readonly AssemblerRegisterZMM[] Weights = [zmm12, zmm13];

    private readonly VectorConstants _constants = new();

    /// <summary>The layout of its activations.</summary>
    public static IntegerLayout Layout => new(IntegerOrder.HalvesOf32, Offset: 0);

    public override int WeightBytes => (int)TensorType.Q8_0.ByteLength(Step);

    public override void Begin(Assembler a, DotOperands at)
    {
        _constants.Clear();
        // Of four blocks' scales two are in the first table and two in the second; 16 words repeat them.
        _constants.AddWords(HalfIndices, HalfIndex);
        for (var part = 0; part < PartIndices.Length; part++)
        {
            var first = 2 * part;
            _constants.Add(PartIndices[part], lane => first + (lane / 8));
        }

        // Words 4..7 and 12..15.
        a.mov(eax, 0b11001100);
        a.kmovd(k2, eax);
        _constants.Load(a, at.Constants);
    }

    public override void WriteStep(Assembler a, DotOperands at)
    {
        ReadScales(a, at.Weights[0]);
        for (var part = 0; part < Step / Part; part++)
        {
            for (var half = 0; half < 2; half++)
            {
                var source = at.Weights[0] + ((2 * BlockBytes * part) + QuantsOffset + (16 * half));
                var (xmm, ymm) = half == 0 ? (xmm12, ymm12) : (xmm13, ymm13);
                a.vmovdqu(xmm, __xmmword_ptr[source]);
                a.vinserti128(ymm, ymm, __xmmword_ptr[source + BlockBytes], 1);
                a.vpmovsxbw(Weights[half], ymm);
            }

            a.vpermps(PartScale, PartIndices[part], Scales);
            for (var t = 0; t < at.Tokens; t++)
            {
                // Two sets of registers, so that parts are independent.
                var dot = at.Tokens == 4 ? Dots[t] : Dots[(2 * (part & 1)) + t];
                Zero(a, dot);
                for (var half = 0; half < 2; half++) a.vpdpwssd(dot, Weights[half], __zmmword_ptr[at.X[t] + ((2 * Part * part) + (Part * half))]);
                a.vcvtdq2ps(dot, dot);
                a.vfmadd231ps(Totals[t], dot, PartScale);
            }
        }
    }

    private static void ReadScales(Assembler a, AssemblerRegister64 block)
    {
        a.vmovdqu32(Scales, __zmmword_ptr[block]);
        a.vpermt2w(Scales, HalfIndices, __zmmword_ptr[block + (2 * BlockBytes)]);
        a.vmovdqu32(Temporary, __zmmword_ptr[block + (4 * BlockBytes)]);
        a.vpermt2w(Temporary, HalfIndices, __zmmword_ptr[block + (6 * BlockBytes)]);
        a.vpblendmd(Scales.k2, Scales, Temporary);
        a.vcvtph2ps(Scales, ymm16);
    }

    private static int HalfIndex(int word) => (word % 2 * BlockBytes / 2) + (word / 2 % 2 * 32);
}

using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.NVFP4;
using ArchGen.Formats.SmallFloats;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>
/// Four blocks of 64 four-bit floats (E2M1), of which eight bytes have the first eight in their lower and the last eight in their upper halves; per 16 an
/// unsigned E4M3 scale.
/// </summary>
internal sealed unsafe class Nvfp4Integers : NibbleFormat
{
    private const int NotANumber = 0x7F;

    private static readonly int BlockBytes = sizeof(NVFP4Block), QuantsOffset = Offsets.Of<NVFP4Block>(b => b->Quants);
    private static readonly int ScalesOffset = Offsets.Of<NVFP4Block>(b => b->GroupScales);

    private readonly Constant[] _quants = new Constant[2];
    private int _notANumber, _order, _rebase;

    public Nvfp4Integers() => Levels = DoubledE2M1Levels.Bytes;

    public override TensorType Type => TensorType.NVFP4;

    public override IntegerOrder Order => IntegerOrder.BytesOf16;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        const byte NotEqual = 4;
        foreach (var (pair, first) in ((AssemblerRegisterZMM, int)[])[(zmm8, QuantsOffset), (zmm9, (2 * BlockBytes) + QuantsOffset)])
        {
            a.vbroadcasti64x4(pair, __ymmword_ptr[block + first]);
            a.vbroadcasti64x4(pair.k1, __ymmword_ptr[block + (first + BlockBytes)]);
        }

        for (var half = 0; half < 2; half++)
        {
            Copy(a, into.Weights[half], _quants[half]);
            a.vpermi2d(into.Weights[half], zmm8, zmm9);
            Split(a, into.Weights[half], into.Weights[2 + half]);
        }

        a.vmovd(xmm8, __dword_ptr[block + ScalesOffset]);
        for (var i = 1; i < 4; i++) a.vpinsrd(xmm8, xmm8, __dword_ptr[block + ((i * BlockBytes) + ScalesOffset)], (byte)i);
        a.vpcmpub(k2, xmm8, __xmmword_ptr[constants + _notANumber], NotEqual);
        a.vmovdqu8(xmm8.k2.z, xmm8);
        a.vpshufb(xmm8, xmm8, __xmmword_ptr[constants + _order]);
        // Exponent and mantissa where half precision has them, whose bias is 15, not 7: times 2^8, and half of that, as numbers are doubled.
        a.vpmovzxbw(ymm8, xmm8);
        a.vpsllw(ymm8, ymm8, 9);
        a.vpsrlw(ymm8, ymm8, 2);
        a.vcvtph2ps(zmm8, ymm8);
        a.vmulps(into.Scales, zmm8, __zmmword_ptr[constants + _rebase]);
    }

    protected override void DeclareConstants(Assembler a)
    {
        // The upper four 64-bit lanes.
        Set(a, k1, 0xF0);
        base.DeclareConstants(a);
        for (var half = 0; half < _quants.Length; half++)
        {
            var first = half;
            _quants[half] = Declare(lane => (2 * IntegerActivations.LaneOf16(lane)) + first);
        }

        _order = InMemory(LanesOf16);
        _rebase = InMemory(_ => Float(128));
        _notANumber = InMemory(_ => Bytes4(NotANumber));
    }
}

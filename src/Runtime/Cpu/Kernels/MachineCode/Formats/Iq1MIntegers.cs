using ArchGen.Cpu.Blocks;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>As <see cref="Iq1SIntegers"/>, with a scale for 16 and a shift for eight; the bits of the block's half stand above the scales.</summary>
internal sealed unsafe class Iq1MIntegers : CodebookIntegers
{
    private const int UpperOffset = 32, ScalesOffset = 48, OffsetOfWeights = 9;

    private static readonly AssemblerRegisterZMM Offset = zmm24, ShiftedUp = zmm25, ShiftedDown = zmm26;

    private int _bytes, _upperShifts, _upperMask, _downBit, _groups, _scaleShifts, _twice, _one, _eighth, _halfBits;

    private readonly EightPoints _points = new((nint)CodebookTables.Iq1);

    public override TensorType Type => TensorType.IQ1_M;

    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        a.vpmovzxbw(ymm17, __xmmword_ptr[block + UpperOffset]);
        a.vmovdqu32(zmm19, __zmmword_ptr[constants + _bytes]);
        a.vpermw(Temporary, zmm19, Temporary);
        a.vpsllvw(Temporary, Temporary, __zmmword_ptr[constants + _upperShifts]);
        a.vptestmw(k3, Temporary, __zmmword_ptr[constants + _downBit]);
        EightPoints.Store(a, __ymmword_ptr[block + 0], Temporary, __zmmword_ptr[constants + _upperMask]);

        a.vpbroadcastq(ymm16, __qword_ptr[block + ScalesOffset]);
        a.vmovdqu32(ymm19, __ymmword_ptr[constants + _groups]);
        a.vpermw(ymm16, ymm19, ymm16);
        a.vpsrlvw(ymm16, ymm16, __ymmword_ptr[constants + _scaleShifts]);
        a.vpaddw(ymm16, ymm16, ymm16);
        a.vpandd(ymm16, ymm16, __ymmword_ptr[constants + _twice]);
        a.vpord(ymm16, ymm16, __ymmword_ptr[constants + _one]);
        a.vpmovzxwd(Scales, ymm16);
        a.vcvtdq2ps(Scales, Scales);
        a.vmulps(Scales, Scales, __zmmword_ptr[constants + _eighth]);
        a.mov(r14, __qword_ptr[block + ScalesOffset]);
        a.pext(r14, r14, __qword_ptr[constants + _halfBits]);
        a.vmovd(xmm17, r14d);
        a.vcvtph2ps(xmm17, xmm17);
        a.vbroadcastss(Temporary, xmm17);
        a.vmulps(Scales, Scales, Temporary);
        a.vmulps(OffsetScales, Scales, Offset);
    }

    public override void Unpack(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, int part, AssemblerRegisterZMM weights)
    {
        LookUp(a, block, part, Temporary);
        a.kshiftrd(k2, k3, (byte)(EightPoints.Part * part));
        a.vpblendmq(weights.k2, ShiftedUp, ShiftedDown);
        a.vpaddb(weights, weights, Temporary);
    }

    protected override void LookUp(Assembler a, AssemblerRegister64 block, int part, AssemblerRegisterZMM points) => _points.LookUp(a, block, part, points);

    protected override int GroupSize => 16;

    protected override void DeclareConstants(Assembler a)
    {
        base.DeclareConstants(a);
        _points.Begin(a);
        Constant(Offset, _ => BitConverter.SingleToInt32Bits(OffsetOfWeights));
        Constant(ShiftedUp, _ => Bytes4(OffsetOfWeights + 1));
        Constant(ShiftedDown, _ => Bytes4(OffsetOfWeights - 1));
        // The nibbles of entries go to bits 8 to 11.
        _bytes = InMemory(lane => Words2(lane));
        _upperShifts = InMemory(_ => 8 | 4 << 16);
        _upperMask = InMemory(_ => Words2(0x700));
        _downBit = InMemory(_ => Words2(0x800));
        _groups = InMemory(lane => Words2(lane / 2));
        _scaleShifts = InMemory(lane => lane % 2 == 0 ? 0 | 3 << 16 : 6 | 9 << 16);
        _twice = InMemory(_ => Words2(0x0E));
        _one = InMemory(_ => Words2(1));
        _eighth = InMemory(_ => BitConverter.SingleToInt32Bits(0.125f));
        _halfBits = InMemory(_ => unchecked((int)0xF000_F000));
    }
}

using ArchGen.Cpu.Blocks;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>
/// 256 numbers in points of eight, in eighths -8, 0 or 8, all of 32 one more or less: the lower 8 bits of entries; per 32 a word of their upper 3 bits, a 3-bit
/// scale s for 2 s + 1, the shift.
/// </summary>
internal sealed unsafe class Iq1SIntegers : CodebookIntegers
{
    private const int LowerOffset = 2, WordsOffset = 34, OffsetOfWeights = 9;

    private static readonly AssemblerRegisterZMM Offset = zmm24, ShiftedUp = zmm25, Shifts = zmm23;
    private static readonly AssemblerRegisterZMM PartWords = zmm26;

    private readonly int[] _partWords = new int[4];
    private int _groups, _upperShifts, _upperMask, _down, _twice, _one, _eighth;

    private readonly EightPoints _points = new((nint)CodebookTables.Iq1);

    public override TensorType Type => TensorType.IQ1_S;

    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        a.vmovdqu32(xmm16, __xmmword_ptr[block + WordsOffset]);
        a.vmovdqu32(zmm19, __zmmword_ptr[constants + _groups]);
        a.vpermw(Temporary, zmm19, Scales);
        a.vpsrlvw(Temporary, Temporary, __zmmword_ptr[constants + _upperShifts]);
        a.vpsllw(Temporary, Temporary, 8);
        EightPoints.Store(a, __ymmword_ptr[block + LowerOffset], Temporary, __zmmword_ptr[constants + _upperMask]);
        // In each byte what is added to the larger shift.
        a.vpsraw(xmm23, xmm16, 15);
        a.vpandd(xmm23, xmm23, __xmmword_ptr[constants + _down]);
        a.vpsrlw(xmm16, xmm16, 11);
        a.vpmovzxwd(ymm16, xmm16);
        a.vpandd(ymm16, ymm16, __ymmword_ptr[constants + _twice]);
        a.vpord(ymm16, ymm16, __ymmword_ptr[constants + _one]);
        a.vcvtdq2ps(Scales, Scales);
        a.vmulps(Scales, Scales, __zmmword_ptr[constants + _eighth]);
        ScaleBy(a, Scales, __word_ptr[block]);
        OffsetScalesOf32(a, Offset);
    }

    public override void Unpack(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, int part, AssemblerRegisterZMM weights)
    {
        LookUp(a, block, part, Temporary);
        a.vmovdqu32(PartWords, __zmmword_ptr[constants + _partWords[part]]);
        a.vpermw(weights, PartWords, Shifts);
        a.vpaddb(weights, weights, Temporary);
        a.vpaddb(weights, weights, ShiftedUp);
    }

    protected override void LookUp(Assembler a, AssemblerRegister64 block, int part, AssemblerRegisterZMM points) => _points.LookUp(a, block, part, points);

    protected override void DeclareConstants(Assembler a)
    {
        base.DeclareConstants(a);
        _points.Begin(a);
        Constant(Offset, _ => BitConverter.SingleToInt32Bits(OffsetOfWeights));
        Constant(ShiftedUp, _ => Bytes4(OffsetOfWeights + 1));
        _down = InMemory(_ => Bytes4(-2 & 0xFF));
        _groups = InMemory(lane => Words2(lane / 2));
        _upperShifts = InMemory(lane => lane % 2 == 0 ? 0 | 3 << 16 : 6 | 9 << 16);
        _upperMask = InMemory(_ => Words2(0x700));
        _twice = InMemory(_ => 0x0E);
        _one = InMemory(_ => 1);
        _eighth = InMemory(_ => BitConverter.SingleToInt32Bits(0.125f));
        for (var part = 0; part < _partWords.Length; part++)
        {
            var first = 2 * part;
            _partWords[part] = InMemory(lane => Words2(first + (lane / 8)));
        }
    }
}

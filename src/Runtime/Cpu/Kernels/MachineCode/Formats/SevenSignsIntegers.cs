using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>Of each 32 weights a double word has four times seven signs, and a 4-bit scale: numbers are multiplied by it plus a half, and by a factor.</summary>
/// <param name="factor">The factor.</param>
internal abstract class SevenSignsIntegers(float factor) : SignedCodebookIntegers
{
    private int _fields, _factor, _halfOfFactor;

    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        LoadDoubleWords(a, block, Temporary);
        a.vpsrlq(Scales, Temporary, 60);
        a.vpmovqd(ymm16, Scales);
        a.vcvtdq2ps(Scales, Scales);
        a.vmulps(Scales, Scales, __zmmword_ptr[constants + _factor]);
        a.vaddps(Scales, Scales, __zmmword_ptr[constants + _halfOfFactor]);
        a.vmovdqu32(Weights, __zmmword_ptr[constants + _fields]);
        a.vpmultishiftqb(Temporary, Weights, Temporary);
        CompleteSigns(a);
        a.vpmovqd(Signs, Temporary);
        ScaleBy(a, Scales, __word_ptr[block]);
        OffsetScalesOf32(a, Offset);
    }

    /// <summary>Loads the double words into the upper halves of 64 bits.</summary>
    protected abstract void LoadDoubleWords(Assembler a, AssemblerRegister64 block, AssemblerRegisterZMM words);

    protected override void DeclareConstants(Assembler a)
    {
        base.DeclareConstants(a);
        _fields = InMemory(lane => lane % 2 == 0 ? 32 | 39 << 8 | 46 << 16 | 53 << 24 : 0);
        _factor = InMemory(_ => BitConverter.SingleToInt32Bits(factor));
        _halfOfFactor = InMemory(_ => BitConverter.SingleToInt32Bits(factor / 2));
    }
}

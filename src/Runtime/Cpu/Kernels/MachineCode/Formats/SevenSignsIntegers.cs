using ArchGen.Cpu.Kernels.Integers;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>
/// Of each 32 weights a double word has four times seven signs, and a 4-bit scale: numbers are multiplied by it plus a half, and by a factor.
/// </summary>
/// <param name="scaleOffset">The offset of the block's scale.</param>
/// <param name="factor">The factor.</param>
internal abstract class SevenSignsIntegers(int scaleOffset, float factor) : SignedCodebookIntegers
{
    private Constant _fields;
    private int _factor, _halfOfFactor;

    public override IntegerOrder Order => IntegerOrder.BytesOf32;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        LoadDoubleWords(a, block, zmm8);
        a.vpsrld(zmm9, zmm8, 28);
        a.vmovshdup(zmm9, zmm9);
        a.vcvtdq2ps(into.Scales, zmm9);
        a.vmovdqu32(zmm9, __zmmword_ptr[constants + _factor]);
        a.vfmadd213ps(into.Scales, zmm9, __zmmword_ptr[constants + _halfOfFactor]);
        ScaleBy(a, into.Scales, __word_ptr[block + scaleOffset], zmm9);
        a.vpmultishiftqb(zmm8, In(a, _fields, zmm9), zmm8);
        CompleteSigns(a, zmm8);
        a.vpermb(Signs, In(a, EightsOrder, zmm9), zmm8);
    }

    /// <summary>The order of a group's four bytes, if groups have eight.</summary>
    protected Constant EightsOrder { get; private set; }

    /// <summary>Loads the double words into the upper halves of 64 bits.</summary>
    protected abstract void LoadDoubleWords(Assembler a, AssemblerRegister64 block, AssemblerRegisterZMM words);

    protected override void DeclareConstants(Assembler a)
    {
        base.DeclareConstants(a);
        _fields = Declare(lane => lane % 2 == 0 ? 32 | 39 << 8 | 46 << 16 | 53 << 24 : 0);
        EightsOrder = Declare(EightsOf32(distance: 8));
        _factor = InMemory(_ => Float(factor));
        _halfOfFactor = InMemory(_ => Float(factor / 2));
    }
}

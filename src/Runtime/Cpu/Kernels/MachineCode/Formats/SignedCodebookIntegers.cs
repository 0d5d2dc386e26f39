using ArchGen.Formats.Codebooks;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>Entries of a codebook, and a sign for each number.</summary>
internal abstract class SignedCodebookIntegers : CodebookIntegers
{
    // More than any number of the codebooks.
    private const int OffsetOfWeights = 64;

    private Constant _offset, _sevenBits, _signsOf64, _moreSigns;

    public override int Offset => OffsetOfWeights;

    public override int MaxNumber => 62;

    /// <summary>The register of the signs, a bit for each weight, in the lower half.</summary>
    protected static AssemblerRegisterZMM Signs => zmm21;

    /// <summary>Applies to a part's numbers the signs in <see cref="Signs"/>; r12, zmm11 and zmm12 are lost.</summary>
    protected void ApplySigns(Assembler a, int part, AssemblerRegisterZMM numbers)
    {
        Move(a, r12, Signs, part);
        a.kmovq(k2, r12);
        ApplySigns(a, numbers);
    }

    /// <summary>The same with the signs at an address.</summary>
    protected void ApplySigns(Assembler a, AssemblerMemoryOperand signs, AssemblerRegisterZMM numbers)
    {
        a.kmovq(k2, signs);
        ApplySigns(a, numbers);
    }

    private void ApplySigns(Assembler a, AssemblerRegisterZMM numbers)
    {
        var offset = In(a, _offset, zmm11);
        a.vmovdqa32(zmm12, numbers);
        a.vpaddb(numbers, numbers, offset);
        a.vpsubb(numbers.k2, offset, zmm12);
    }

    /// <summary>Seven signs in each byte become eight, whose number is even; bit 7 of bytes does not count. zmm11 and zmm12 are lost.</summary>
    protected void CompleteSigns(Assembler a, AssemblerRegisterZMM signs)
    {
        a.vpandd(signs, signs, In(a, _sevenBits, zmm12));
        a.vpermi2b(signs, In(a, _signsOf64, zmm11), In(a, _moreSigns, zmm12));
    }

    protected override void DeclareConstants(Assembler a)
    {
        static int SignsOf(int entry) => (int)SignedCodebook.EvenSigns((uint)entry);
        _offset = Declare(_ => Bytes4(OffsetOfWeights));
        _sevenBits = Declare(_ => Bytes4(0x7F));
        _signsOf64 = Declare(VectorConstants.OfBytes(SignsOf));
        _moreSigns = Declare(VectorConstants.OfBytes(i => SignsOf(64 + i)));
    }
}

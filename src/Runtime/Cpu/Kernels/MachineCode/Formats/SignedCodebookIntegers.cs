using ArchGen.Cpu.Blocks;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>Points of a codebook, and a sign for each number.</summary>
/// <remarks>zmm23 to zmm27 are used.</remarks>
internal abstract class SignedCodebookIntegers : CodebookIntegers
{
    // More than any number of the codebooks.
    private const int OffsetOfWeights = 64;

    private static readonly AssemblerRegisterZMM OffsetBytes = zmm26;

    /// <summary>The offset, as floats.</summary>
    protected static readonly AssemblerRegisterZMM Offset = zmm27;

    private static readonly AssemblerRegisterZMM SevenBits = zmm23, SignsOf64 = zmm24, MoreSigns = zmm25;

    /// <summary>The 64 signs of a part.</summary>
    protected virtual AssemblerMemoryOperand SignBits(AssemblerRegister64 block, int part) => SignsOf(part);

    public override void Unpack(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, int part, AssemblerRegisterZMM weights)
    {
        LookUp(a, block, part, Temporary);
        a.kmovq(k2, SignBits(block, part));
        a.vpaddb(weights, Temporary, OffsetBytes);
        a.vpsubb(weights.k2, OffsetBytes, Temporary);
    }

    /// <summary>Seven signs in the lower bits of each byte of <see cref="Temporary"/> become eight, whose number is even; bit 7 of bytes does not count.</summary>
    protected static void CompleteSigns(Assembler a)
    {
        a.vpandd(Temporary, Temporary, SevenBits);
        a.vpermi2b(Temporary, SignsOf64, MoreSigns);
    }

    protected override void DeclareConstants(Assembler a)
    {
        Constant(OffsetBytes, _ => Bytes4(OffsetOfWeights));
        Constant(Offset, _ => BitConverter.SingleToInt32Bits(OffsetOfWeights));
        Constant(SevenBits, _ => Bytes4(0x7F));
        Constant(SignsOf64, lane => FourSigns(4 * lane));
        Constant(MoreSigns, lane => FourSigns(64 + (4 * lane)));
    }

    private static int FourSigns(int first) => Enumerable.Range(0, 4).Sum(i => (int)CodebookTables.EvenSigns((uint)(first + i)) << (8 * i));
}

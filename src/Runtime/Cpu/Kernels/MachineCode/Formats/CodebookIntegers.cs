using ArchGen.Cpu.Blocks;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>Weights as points of a codebook: entries are looked up one by one, where the table is in the first-level cache.</summary>
/// <remarks>r14 and r15 are used, zmm19 to zmm22 lost.</remarks>
/// <param name="table">What entries stand for, as in <see cref="CodebookTables"/>.</param>
/// <param name="pointBytes">Bytes of a point: 8 or 4.</param>
internal abstract class CodebookIntegers(nint table, int pointBytes) : IntegerFormat
{
    private const int PartBytes = 64, VectorBytes = 16;

    private static readonly AssemblerRegisterXMM[] Quarters = [xmm19, xmm20, xmm21, xmm22];

    /// <summary>Entries of a part.</summary>
    protected int Points => PartBytes / pointBytes;

    // Entries as words, up to 64, then 32 bytes of signs.
    public override int RoomBytes => 256;

    /// <summary>Where the words of entries are put that have no bytes in the block.</summary>
    protected static AssemblerMemoryOperand Entries => __zmmword_ptr[rsp];

    protected static AssemblerMemoryOperand MoreEntries => __zmmword_ptr[rsp + 64];

    /// <summary>Where the signs are put, a bit for each weight, that do not lie so in the block.</summary>
    protected static AssemblerMemoryOperand Signs => __ymmword_ptr[rsp + 128];

    /// <summary>Those of a part.</summary>
    protected static AssemblerMemoryOperand SignsOf(int part) => __qword_ptr[rsp + (128 + (8 * part))];

    /// <summary>Where in the block the entries are if these are bytes; null: they are put at <see cref="Entries"/>.</summary>
    protected virtual int? EntryOffset(int entry) => null;

    /// <summary>The points of a part, as bytes.</summary>
    protected void LookUp(Assembler a, AssemblerRegister64 block, int part, AssemblerRegisterZMM points)
    {
        for (var i = 0; i < Points; i++)
        {
            var entry = (part * Points) + i;
            if (EntryOffset(entry) is { } offset) a.movzx(r14d, __byte_ptr[block + offset]);
            else a.movzx(r14d, __word_ptr[rsp + (2 * entry)]);
            var (quarter, within) = (Quarters[i * pointBytes / VectorBytes], i % (VectorBytes / pointBytes));
            var point = r15 + (r14 * pointBytes);
            if (pointBytes == 4)
            {
                if (within == 0) a.vmovd(quarter, __dword_ptr[point]);
                else a.vpinsrd(quarter, quarter, __dword_ptr[point], (byte)within);
            }
            else
            {
                if (within == 0) a.vmovq(quarter, __qword_ptr[point]);
                else a.vmovhps(quarter, quarter, __qword_ptr[point]);
            }
        }

        a.vinserti32x4(ymm19, ymm19, xmm20, 1);
        a.vinserti32x4(ymm21, ymm21, xmm22, 1);
        a.vinserti64x4(points, zmm19, ymm21, 1);
    }

    protected override void DeclareConstants(Assembler a) => a.mov(r15, table);
}

using System.Runtime.Intrinsics;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>
/// Nibbles, of which a run of bytes has the first half of a group's in its lower and the second in its upper halves; they are numbers, or indices of levels.
/// </summary>
internal abstract class NibbleFormat : RowFormat
{
    private Constant _nibble, _table;

    /// <summary>The levels of the nibbles; null if nibbles are numbers.</summary>
    public Vector128<sbyte>? Levels { get; init; }

    // The least level becomes zero.
    public override int Offset => Levels is { } levels ? -Enumerable.Range(0, 16).Min(i => levels.GetElement(i)) : 0;

    public override int MaxNumber => Levels is { } levels ? Enumerable.Range(0, 16).Max(i => Math.Abs((int)levels.GetElement(i))) : 15;

    /// <summary>Bytes become the numbers of their lower and of their upper halves; zmm12 is lost.</summary>
    protected void Split(Assembler a, AssemblerRegisterZMM low, AssemblerRegisterZMM high)
    {
        a.vpsrlw(high, low, 4);
        var nibble = In(a, _nibble, zmm12);
        a.vpandd(high, high, nibble);
        a.vpandd(low, low, nibble);
        if (Levels is null) return;
        var table = In(a, _table, zmm12);
        a.vpshufb(low, table, low);
        a.vpshufb(high, table, high);
    }

    protected override void DeclareConstants(Assembler a)
    {
        _nibble = Declare(_ => Bytes4(0x0F));
        if (Levels is { } levels) _table = Declare(VectorConstants.OfBytes(i => levels.GetElement(i % 16) + Offset));
    }
}

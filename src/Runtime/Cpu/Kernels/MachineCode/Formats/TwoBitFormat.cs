using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>Two-bit numbers, 128 in 32 bytes: byte i has numbers i, i + 32, i + 64 and i + 96, the lowest first.</summary>
internal abstract class TwoBitFormat : RowFormat
{
    private static readonly AssemblerRegisterZMM Quants = zmm9;

    private readonly Constant[] _shifts = new Constant[2];
    private Constant _fields;

    /// <summary>The 64 numbers from 64 <paramref name="part"/> on, as bytes; the parts in order. zmm8 is lost, and zmm9 kept from part to part.</summary>
    protected void Unpack(Assembler a, AssemblerMemoryOperand quants, int part, AssemblerRegisterZMM numbers)
    {
        if (part % 2 == 0) a.vbroadcasti64x4(Quants, __ymmword_ptr[quants + (16 * part)]);
        a.vpsrlvw(numbers, Quants, In(a, _shifts[part % 2], zmm8));
        a.vpandd(numbers, numbers, In(a, _fields, zmm8));
    }

    protected override void DeclareConstants(Assembler a)
    {
        _fields = Declare(_ => Bytes4(3));
        for (var i = 0; i < _shifts.Length; i++)
        {
            var first = 4 * i;
            _shifts[i] = Declare(lane => Words2(first + (lane / 8 * 2)));
        }
    }
}

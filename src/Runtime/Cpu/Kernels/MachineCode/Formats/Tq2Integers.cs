using ArchGen.Cpu.Integers;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>
/// 256 ternary digits in pairs of bits, offset by 1, and a scale; 128 in 32 bytes: byte i has digits i, i + 32, i + 64 and i + 96, the lowest first.
/// </summary>
internal sealed class Tq2Integers : RowFormat
{
    private const int ScaleOffset = 64;

    private readonly Constant[] _shifts = new Constant[2];
    private Constant _digits;

    public override TensorType Type => TensorType.TQ2_0;

    public override int Offset => 1;

    protected override IntegerOrder Order => IntegerOrder.Bytes;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        for (var part = 0; part < into.Weights.Length; part++)
        {
            if (part % 2 == 0) a.vbroadcasti64x4(zmm9, __ymmword_ptr[block + (16 * part)]);
            a.vpsrlvw(into.Weights[part], zmm9, In(a, _shifts[part % 2], zmm8));
            a.vpandd(into.Weights[part], into.Weights[part], In(a, _digits, zmm8));
        }

        Broadcast(a, into.Scales, __word_ptr[block + ScaleOffset]);
    }

    protected override void DeclareConstants(Assembler a)
    {
        _digits = Declare(_ => Bytes4(3));
        for (var i = 0; i < _shifts.Length; i++)
        {
            var first = 4 * i;
            _shifts[i] = Declare(lane => Words2(first + (lane / 8 * 2)));
        }
    }
}

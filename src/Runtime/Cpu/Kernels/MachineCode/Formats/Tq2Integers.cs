using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>256 ternary digits in pairs of bits, offset by 1, and a scale.</summary>
internal sealed class Tq2Integers : IntegerFormat
{
    private const int ScaleOffset = 64;

    private readonly TwoBitFields _fields = new();

    public override TensorType Type => TensorType.TQ2_0;

    // The offset is 1.
    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        Broadcast(a, Scales, __word_ptr[block + ScaleOffset]);
        a.vmovaps(OffsetScales, Scales);
    }

    public override void Unpack(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, int part, AssemblerRegisterZMM weights) =>
        _fields.Unpack(a, block + 0, part, weights);

    protected override void DeclareConstants(Assembler a) => _fields.DeclareConstants(Constant);
}

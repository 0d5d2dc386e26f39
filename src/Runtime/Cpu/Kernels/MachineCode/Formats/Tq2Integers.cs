using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.TQ2_0;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>256 ternary digits in pairs of bits, offset by 1, and a scale.</summary>
internal sealed unsafe class Tq2Integers : TwoBitFormat
{
    private static readonly int QuantsOffset = Offsets.Of<TQ2_0Block>(b => b->Quants), ScaleOffset = Offsets.Of<TQ2_0Block>(b => &b->Scale);

    public override TensorType Type => TensorType.TQ2_0;

    public override int Offset => 1;

    // The fourth value of two bits is no digit, but dequantization defines it.
    public override int MaxNumber => 2;

    public override IntegerOrder Order => IntegerOrder.Bytes;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        for (var part = 0; part < into.Weights.Length; part++) Unpack(a, block + QuantsOffset, part, into.Weights[part]);
        Broadcast(a, into.Scales, __word_ptr[block + ScaleOffset]);
    }
}

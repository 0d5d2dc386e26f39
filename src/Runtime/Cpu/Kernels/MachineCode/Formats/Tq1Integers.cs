using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.TQ1_0;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.Kernels.MachineCode.Formats;

/// <summary>
/// 256 ternary digits, offset by 1, five in a byte as a fraction of 256, and a scale: 32 bytes and 16 with the first digit of each, then the second, and so on;
/// four bytes with four digits each.
/// </summary>
internal sealed unsafe class Tq1Integers : RowFormat
{
    private static readonly int ThirtyTwo = Offsets.Of<TQ1_0Block>(b => b->Quants), Sixteen = ThirtyTwo + 32;
    private static readonly int Four = Offsets.Of<TQ1_0Block>(b => b->LastQuants), ScaleOffset = Offsets.Of<TQ1_0Block>(b => &b->Scale);

    // The fractions' thirds: from these on, the next digit is 1, or 2.
    private const int First = 86, Second = 171;

    private readonly Constant[] _powers = new Constant[4];
    private Constant _lowBytes, _one, _first, _second;

    public override TensorType Type => TensorType.TQ1_0;

    public override int Offset => 1;

    public override int MaxNumber => 1;

    public override IntegerOrder Order => IntegerOrder.Bytes;

    protected override void Read(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, BlockRegisters into)
    {
        const byte NotLess = 5;
        for (var part = 0; part < into.Weights.Length; part++)
        {
            if (part < 3) a.vbroadcasti64x4(zmm8, __ymmword_ptr[block + ThirtyTwo]);
            if (part == 2) a.vbroadcasti32x4(zmm8.k1, __xmmword_ptr[block + Sixteen]);
            if (part == 3)
            {
                a.vbroadcasti32x4(zmm8, __xmmword_ptr[block + Sixteen]);
                a.vpbroadcastd(zmm8.k2, __dword_ptr[block + Four]);
            }

            // Removes the digits before: times a power of three, modulo one.
            var powers = In(a, _powers[part], zmm10);
            a.vpsrlw(zmm9, zmm8, 8);
            a.vpmullw(zmm9, zmm9, powers);
            a.vpmullw(zmm8, zmm8, powers);
            a.vpsllw(zmm9, zmm9, 8);
            a.vpternlogd(zmm9, zmm8, In(a, _lowBytes, zmm10), OrAnd);
            a.vpcmpub(k3, zmm9, In(a, _first, zmm10), NotLess);
            a.vpcmpub(k4, zmm9, In(a, _second, zmm10), NotLess);
            var (weights, one) = (into.Weights[part], In(a, _one, zmm10));
            a.vmovdqu8(weights.k3.z, one);
            a.vpaddb(weights.k4, weights, one);
        }

        Broadcast(a, into.Scales, __word_ptr[block + ScaleOffset]);
    }

    protected override void DeclareConstants(Assembler a)
    {
        Set(a, k1, 0xFF00);
        Set(a, k2, 0xF000);
        _lowBytes = Declare(_ => 0x00FF00FF);
        _one = Declare(_ => Bytes4(1));
        _first = Declare(_ => Bytes4(First));
        _second = Declare(_ => Bytes4(Second));
        int[] powers = [1, 3, 9, 27, 81];
        _powers[0] = Declare(lane => Words2(powers[lane / 8]));
        _powers[1] = Declare(lane => Words2(powers[2 + (lane / 8)]));
        _powers[2] = Declare(lane => Words2(lane < 8 ? powers[4] : powers[(lane / 4) - 2]));
        _powers[3] = Declare(lane => Words2(lane < 12 ? powers[2 + (lane / 4)] : powers[lane - 12]));
    }
}

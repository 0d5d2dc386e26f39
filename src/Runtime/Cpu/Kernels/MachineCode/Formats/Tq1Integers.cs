using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>
/// 256 ternary digits, offset by 1, five in a byte as a fraction of 256, and a scale: 32 bytes and 16 with the first digit of each, then the second, and so on;
/// four bytes with four digits each.
/// </summary>
internal sealed class Tq1Integers : IntegerFormat
{
    private const int Sixteen = 32, Four = 48, ScaleOffset = 52;

    // The fractions' thirds: from these on, the next digit is 1, or 2.
    private const int First = 86, Second = 171;
    private const byte NotLess = 5;

    private static readonly AssemblerRegisterZMM Odd = zmm19, LowBytes = zmm20, One = zmm21;

    private readonly int[] _powers = new int[4];
    private int _first, _second;

    public override TensorType Type => TensorType.TQ1_0;

    // The offset is 1.
    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        Broadcast(a, Scales, __word_ptr[block + ScaleOffset]);
        a.vmovaps(OffsetScales, Scales);
    }

    public override void Unpack(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, int part, AssemblerRegisterZMM weights)
    {
        if (part < 3) a.vbroadcasti64x4(Temporary, __ymmword_ptr[block + 0]);
        if (part == 2) a.vbroadcasti32x4(Temporary.k1, __xmmword_ptr[block + Sixteen]);
        if (part == 3)
        {
            a.vbroadcasti32x4(Temporary, __xmmword_ptr[block + Sixteen]);
            a.vpbroadcastd(Temporary.k2, __dword_ptr[block + Four]);
        }

        // Without the digits before: times a power of three, what is above the point is cut off.
        var powers = __zmmword_ptr[constants + _powers[part]];
        a.vpsrlw(Odd, Temporary, 8);
        a.vpmullw(Odd, Odd, powers);
        a.vpmullw(Temporary, Temporary, powers);
        a.vpsllw(Odd, Odd, 8);
        a.vpandd(Temporary, Temporary, LowBytes);
        a.vpord(Temporary, Temporary, Odd);
        a.vpcmpub(k3, Temporary, __zmmword_ptr[constants + _first], NotLess);
        a.vpcmpub(k4, Temporary, __zmmword_ptr[constants + _second], NotLess);
        a.vmovdqu8(weights.k3.z, One);
        a.vpaddb(weights.k4, weights, One);
    }

    protected override void DeclareConstants(Assembler a)
    {
        a.mov(eax, 0xFF00);
        a.kmovd(k1, eax);
        a.mov(eax, 0xF000);
        a.kmovd(k2, eax);
        Constant(LowBytes, _ => 0x00FF00FF);
        Constant(One, _ => Bytes4(1));
        _first = InMemory(_ => Bytes4(First));
        _second = InMemory(_ => Bytes4(Second));
        int[] powers = [1, 3, 9, 27, 81];
        _powers[0] = InMemory(lane => Words2(powers[lane / 8]));
        _powers[1] = InMemory(lane => Words2(powers[2 + (lane / 8)]));
        _powers[2] = InMemory(lane => Words2(lane < 8 ? powers[4] : powers[(lane / 4) - 2]));
        _powers[3] = InMemory(lane => Words2(lane < 12 ? powers[2 + (lane / 4)] : powers[lane - 12]));
    }
}

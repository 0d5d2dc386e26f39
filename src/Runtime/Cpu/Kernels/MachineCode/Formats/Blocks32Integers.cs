using System.Runtime.Intrinsics;
using ArchGen.Cpu.Integers;
using ArchGen.Gguf;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ArchGen.Cpu.MachineCode;

/// <summary>Eight blocks of 32 weights: a scale, perhaps a minimum, perhaps fifth bits, and 16 bytes of nibbles.</summary>
/// <param name="type">The type.</param>
/// <param name="quantsOffset">Where in a block the nibbles are.</param>
internal sealed class Blocks32Integers(TensorType type, int quantsOffset) : IntegerFormat
{
    private const int Blocks = 8;

    private static readonly AssemblerRegisterZMM FifthBit = zmm22, Table = zmm23, Offsets = zmm24, MinimumIndices = zmm25;
    private static readonly AssemblerRegisterYMM ExponentBias = ymm26, One = ymm27;

    private readonly int _blockBytes = type.BytesPerBlock;

    /// <summary>Whether a half-precision minimum follows the scale.</summary>
    public bool HasMinimum { get; init; }

    /// <summary>Where in a block the 32 fifth bits are; null: there are none.</summary>
    public int? FifthBitsOffset { get; init; }

    /// <summary>What nibbles stand for; null: themselves.</summary>
    public Vector128<sbyte>? Levels { get; init; }

    /// <summary>What numbers have more than the weights, over the scale.</summary>
    public int Offset { get; init; }

    /// <summary>Whether the scale is not in half precision but a power of two (OCP microscaling formats 1.0, 5.4.1), to be halved, as levels are doubled.</summary>
    public bool HasExponent { get; init; }

    public override TensorType Type => type;

    public override void BeginBlock(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants)
    {
        if (HasMinimum)
        {
            // Scale and minimum in turn.
            foreach (var (half, first) in ((AssemblerRegisterXMM, int)[])[(xmm16, 0), (xmm17, Blocks / 2)])
            {
                a.vmovd(half, __dword_ptr[block + (first * _blockBytes)]);
                for (var i = 1; i < Blocks / 2; i++) a.vpinsrd(half, half, __dword_ptr[block + ((first + i) * _blockBytes)], (byte)i);
            }

            a.vinserti32x4(ymm16, ymm16, xmm17, 1);
            a.vcvtph2ps(Scales, ymm16);
            a.vpermps(OffsetScales, MinimumIndices, Scales);
            return;
        }

        a.vmovd(xmm16, __dword_ptr[block]);
        for (var i = 1; i < Blocks; i++)
        {
            if (HasExponent) a.vpinsrb(xmm16, xmm16, __byte_ptr[block + (i * _blockBytes)], (byte)i);
            else a.vpinsrw(xmm16, xmm16, __word_ptr[block + (i * _blockBytes)], (byte)i);
        }

        if (HasExponent)
        {
            a.vpmovzxbd(ymm16, xmm16);
            a.vcvtdq2ps(ymm16, ymm16);
            a.vaddps(ymm16, ymm16, ExponentBias);
            a.vscalefps(ymm16, One, ymm16);
        }
        else
        {
            a.vcvtph2ps(ymm16, xmm16);
        }

        OffsetScalesOf32(a, Offsets);
    }

    public override void Unpack(Assembler a, AssemblerRegister64 block, AssemblerRegister64 constants, int part, AssemblerRegisterZMM weights)
    {
        var (first, second) = (2 * part * _blockBytes, ((2 * part) + 1) * _blockBytes);
        NibbleBlocks.Unpack(a, __xmmword_ptr[block + (first + quantsOffset)], __xmmword_ptr[block + (second + quantsOffset)], weights);
        if (Levels is not null) a.vpshufb(weights, Table, weights);
        if (FifthBitsOffset is not { } bits) return;
        a.kmovd(k2, __dword_ptr[block + (first + bits)]);
        a.kmovd(k3, __dword_ptr[block + (second + bits)]);
        a.kunpckdq(k2, k3, k2);
        a.vpaddb(weights.k2, weights, FifthBit);
    }

    public override void SubtractOffsets(Assembler a, AssemblerRegister64 x, AssemblerRegisterZMM sum)
    {
        if (HasMinimum) a.vfmadd231ps(sum, OffsetScales, __zmmword_ptr[x + IntegerActivations.SumsOf32Offset]);
        else base.SubtractOffsets(a, x, sum);
    }

    protected override int ScaleIndex(int part, int lane) => base.ScaleIndex(part, lane) * (HasMinimum ? 2 : 1);

    protected override void DeclareConstants(Assembler a)
    {
        NibbleBlocks.Begin(a, Constant);
        if (FifthBitsOffset is not null) Constant(FifthBit, _ => Bytes4(0x10));
        if (HasMinimum) Constant(MinimumIndices, lane => (2 * (lane % Blocks)) + 1);
        else Constant(Offsets, _ => BitConverter.SingleToInt32Bits(Levels is { } of ? NibbleBlocks.OffsetOf(of) : Offset));
        if (Levels is { } levels) Constant(Table, NibbleBlocks.Table(levels));
        if (!HasExponent) return;
        Constant(zmm26, _ => BitConverter.SingleToInt32Bits(-128));
        Constant(zmm27, _ => BitConverter.SingleToInt32Bits(1));
    }
}

using System.Numerics;
using ArchGen.Formats;
using ArchGen.Formats.Codebooks;

namespace ArchGen.Cpu.Tests.Kernels;

/// <summary>Each type's weights by the definition of its block (ggml-common.h), one at a time: what decoders give, to the bit.</summary>
internal static class BlockDefinition
{
    private static readonly int[] E2M1 = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];
    private static readonly int[] Nonlinear = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];
    private static readonly int[] Iq2 = [8, 25, 43], Iq3Xxs = [4, 12, 20, 28, 36, 44, 52, 62], Iq3S = [1, 3, 5, 7, 9, 11, 13, 15];

    /// <summary>The weights of whole blocks.</summary>
    public static float[] Decode(TensorType type, ReadOnlySpan<byte> blocks)
    {
        var weights = new float[blocks.Length / type.BytesPerBlock * type.BlockSize];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = Weight(type, blocks.Slice(i / type.BlockSize * type.BytesPerBlock, type.BytesPerBlock), i % type.BlockSize);
        return weights;
    }

    /// <summary>Weight <paramref name="i"/> of the block <paramref name="b"/>.</summary>
    private static float Weight(TensorType type, ReadOnlySpan<byte> b, int i) => type switch
    {
        TensorType.F32 => BitConverter.ToSingle(b),
        TensorType.F16 => Half(b, 0),
        TensorType.BF16 => BitConverter.UInt32BitsToSingle((uint)Word(b, 0) << 16),
        TensorType.Q8_0 => (sbyte)b[2 + i] * Half(b, 0),
        TensorType.Q4_0 => (Nibble(b, 2, i) - 8) * Half(b, 0),
        TensorType.Q4_1 => (Nibble(b, 4, i) * Half(b, 0)) + Half(b, 2),
        TensorType.Q5_0 => ((Nibble(b, 6, i) | Bit(b, 2, i) << 4) - 16) * Half(b, 0),
        TensorType.Q5_1 => ((Nibble(b, 8, i) | Bit(b, 4, i) << 4) * Half(b, 0)) + Half(b, 2),
        TensorType.Q2_K => (Half(b, 80) * (b[i / 16] & 15) * KPair(b, 16, i)) - (Half(b, 82) * (b[i / 16] >> 4)),
        TensorType.Q3_K => Half(b, 108) * Q3Scale(b, i / 16) * (KPair(b, 32, i) + 4 * KBit(b, 0, i) - 4),
        TensorType.Q4_K => SixBits(b, i / 32, KNibble(b, 16, i)),
        TensorType.Q5_K => SixBits(b, i / 32, KNibble(b, 48, i) | KBit(b, 16, i) << 4),
        TensorType.Q6_K => Half(b, 208) * (sbyte)b[192 + i / 16] * Q6(b, i / 128, i % 128),
        TensorType.IQ1_S => Iq1(Half(b, 0), Word(b, 34 + 2 * (i / 32)) >> 12, b[2 + i / 8], Iq1SUpper(b, i), i % 8),
        TensorType.IQ1_M => Iq1(Iq1MScale(b), Word(b, 48 + 2 * (i / 64)) >> 3 * (i / 16 % 4), b[i / 8], Nibble16(b, 32, 2 * i), i % 8),
        TensorType.IQ2_XXS => Half(b, 0) * (0.5f + (Double(b, 6 + 8 * (i / 32)) >> 28)) / 4
            * Point(CodebookGrids.Iq2Xxs, b[2 + 8 * (i / 32) + i % 32 / 8], Iq2, i) * Sign(SevenSigns(Double(b, 6 + 8 * (i / 32)), i), i),
        TensorType.IQ2_XS => Half(b, 0) * (0.5f + Nibble16(b, 66, i)) / 4
            * Point(CodebookGrids.Iq2Xs, Word(b, 2 + 2 * (i / 8)) & 511, Iq2, i) * Sign(EvenSigns(b[3 + 2 * (i / 8)] >> 1), i),
        TensorType.IQ2_S => Half(b, 0) * (0.5f + Nibble16(b, 74, i)) / 4
            * Point(CodebookGrids.Iq2S, b[2 + i / 8] | Pair(b, 66 + i / 32, i / 8 % 4) << 8, Iq2, i) * Sign(b[34 + i / 8], i),
        TensorType.IQ3_XXS => Half(b, 0) * (0.5f + (Double(b, 66 + 4 * (i / 32)) >> 28)) / 2
            * Point(CodebookGrids.Iq3Xxs, b[2 + i / 4], Iq3Xxs, i) * Sign(SevenSigns(Double(b, 66 + 4 * (i / 32)), i), i),
        TensorType.IQ3_S => Half(b, 0) * (1 + 2 * Nibble16(b, 106, i / 2))
            * Point(CodebookGrids.Iq3S, b[2 + i / 4] | Bit(b, 66, i / 4) << 8, Iq3S, i) * Sign(b[74 + i / 8], i),
        TensorType.IQ4_NL => Nonlinear[Nibble(b, 2, i)] * Half(b, 0),
        TensorType.IQ4_XS => Nonlinear[Nibble(b, 8 + 16 * (i / 32), i % 32)] * Half(b, 0) * Iq4Scale(b, i / 32),
        TensorType.TQ1_0 when i < 160 => Ternary(b[i % 32], i / 32) * Half(b, 52),
        TensorType.TQ1_0 when i < 240 => Ternary(b[32 + i % 16], (i - 160) / 16) * Half(b, 52),
        TensorType.TQ1_0 => Ternary(b[48 + i % 4], (i - 240) / 4) * Half(b, 52),
        TensorType.TQ2_0 => (Pair(b, 32 * (i / 128) + i % 32, i % 128 / 32) - 1) * Half(b, 64),
        TensorType.MXFP4 => E2M1[Nibble(b, 1, i)] * MathF.ScaleB(1, b[0] - 128),
        TensorType.NVFP4 => E2M1[b[4 + 8 * (i / 16) + i % 8] >> 4 * (i / 8 % 2) & 15] * (E4M3(b[i / 16]) / 2),
        TensorType.Q1_0 => (2 * Bit(b, 2, i) - 1) * Half(b, 0),
        TensorType.Q2_0 => (Pair(b, 2 + i / 4, i % 4) - 1) * Half(b, 0),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type.Name),
    };

    private static float Half(ReadOnlySpan<byte> b, int at) => (float)BitConverter.ToHalf(b[at..]);

    private static int Word(ReadOnlySpan<byte> b, int at) => BitConverter.ToUInt16(b[at..]);

    private static uint Double(ReadOnlySpan<byte> b, int at) => BitConverter.ToUInt32(b[at..]);

    private static int Bit(ReadOnlySpan<byte> b, int at, int i) => b[at + i / 8] >> (i % 8) & 1;

    private static int Pair(ReadOnlySpan<byte> b, int at, int i) => b[at] >> 2 * i & 3;

    /// <summary>Of 32 nibbles: the low ones of 16 bytes are the first.</summary>
    private static int Nibble(ReadOnlySpan<byte> b, int at, int i) => b[at + i % 16] >> 4 * (i / 16) & 15;

    /// <summary>A nibble for each 16 weights.</summary>
    private static int Nibble16(ReadOnlySpan<byte> b, int at, int i) => b[at + i / 32] >> 4 * (i / 16 % 2) & 15;

    /// <summary>Of K-quants: 32 bytes hold the bits of weights 32 apart.</summary>
    private static int KBit(ReadOnlySpan<byte> b, int at, int i) => b[at + i % 32] >> (i / 32) & 1;

    private static int KPair(ReadOnlySpan<byte> b, int at, int i) => Pair(b, at + 32 * (i / 128) + i % 32, i / 32 % 4);

    private static int KNibble(ReadOnlySpan<byte> b, int at, int i) => b[at + 32 * (i / 64) + i % 32] >> 4 * (i / 32 % 2) & 15;

    private static int Q3Scale(ReadOnlySpan<byte> b, int group) =>
        (b[96 + group % 8] >> 4 * (group / 8) & 15 | Pair(b, 104 + group % 4, group / 4) << 4) - 32;

    private static float SixBits(ReadOnlySpan<byte> b, int group, int quant)
    {
        var scale = group < 4 ? b[4 + group] & 63 : b[8 + group] & 15 | b[group] >> 6 << 4;
        var offset = group < 4 ? b[8 + group] & 63 : b[8 + group] >> 4 | b[4 + group] >> 6 << 4;
        return (Half(b, 0) * scale * quant) - (Half(b, 2) * offset);
    }

    private static int Q6(ReadOnlySpan<byte> b, int half, int i) =>
        (b[64 * half + i % 64] >> 4 * (i / 64) & 15 | Pair(b, 128 + 32 * half + i % 32, i / 32) << 4) - 32;

    private static int Iq4Scale(ReadOnlySpan<byte> b, int group) =>
        (b[4 + group / 2] >> 4 * (group % 2) & 15 | (Word(b, 2) >> 2 * group & 3) << 4) - 32;

    /// <summary>The upper three bits of an entry, and whether an eighth is subtracted, as IQ1_M has them.</summary>
    private static int Iq1SUpper(ReadOnlySpan<byte> b, int i)
    {
        var word = Word(b, 34 + 2 * (i / 32));
        return word >> 3 * (i / 8 % 4) & 7 | word >> 15 << 3;
    }

    private static float Iq1MScale(ReadOnlySpan<byte> b) => (float)BitConverter.UInt16BitsToHalf(
        (ushort)(Word(b, 48) >> 12 | Word(b, 50) >> 12 << 4 | Word(b, 52) >> 12 << 8 | Word(b, 54) >> 12 << 12));

    private static float Iq1(float d, int scale, int lower, int upper, int i) =>
        d * (2 * (scale & 7) + 1) * (CodebookGrids.Iq1.Digits(lower | (upper & 7) << 8)[i] - 1 + ((upper & 8) != 0 ? -0.125f : 0.125f));

    private static int Point(CodebookGrid grid, int entry, int[] values, int i) => values[grid.Digits(entry)[i % grid.Dimensions]];

    private static int Sign(int signs, int i) => 1 - 2 * (signs >> (i % 8) & 1);

    /// <summary>Of four times seven signs, those of a point, with the eighth.</summary>
    private static int SevenSigns(uint signs, int i) => EvenSigns((int)(signs >> 7 * (i / 8 % 4)) & 127);

    /// <summary>Seven signs with the eighth, which makes their number even.</summary>
    private static int EvenSigns(int seven) => seven | (BitOperations.PopCount((uint)seven) & 1) << 7;

    private static int Ternary(int fraction, int digit)
    {
        for (; digit > 0; digit--) fraction = 3 * fraction & 255;
        return (3 * fraction >> 8) - 1;
    }

    /// <summary>Without a sign; what would be no number is 0.</summary>
    private static float E4M3(byte bits)
    {
        var (exponent, mantissa) = (bits >> 3 & 15, bits & 7);
        return bits == 0x7F ? 0 : exponent == 0 ? MathF.ScaleB(mantissa, -9) : MathF.ScaleB(8 + mantissa, exponent - 10);
    }
}

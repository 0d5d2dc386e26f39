using System.Buffers.Binary;
using ArchGen.Formats;

namespace ArchGen.Formats.Tests;

/// <summary>
/// The vectors' blocks against those of one number after the other: magnitudes that occur twice, zeros of both signs, rows that end within a group.
/// </summary>
public sealed class RangeEncoderTests
{
    private const int Size = 32;

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, false)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    public void Blocks_are_those_of_one_number_after_the_other(int bits, bool hasMinimum)
    {
        var random = new Random(bits);
        float[] few = [0f, -0f, 1f, -1f, 0.25f, -3f, 3f, 1e-9f];
        for (var blocks = 1; blocks < 40; blocks++)
        {
            var numbers = new float[blocks * Size];
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = (i / Size % 3) switch { 0 => few[random.Next(few.Length)], 1 => few[random.Next(2)], _ => random.NextSingle() - 0.5f };
            var found = new byte[blocks * Bytes(bits, hasMinimum)];
            TensorFormats.Of(TypeOf(bits, hasMinimum)).Encoder!.Encode(numbers, found);
            Assert.Equal(numbers.Chunk(Size).SelectMany(block => Block(block, bits, hasMinimum)), found);
        }
    }

    private static TensorType TypeOf(int bits, bool hasMinimum) => (bits, hasMinimum) switch
    {
        (4, false) => TensorType.Q4_0,
        (4, true) => TensorType.Q4_1,
        (5, false) => TensorType.Q5_0,
        _ => TensorType.Q5_1,
    };

    private static int Bytes(int bits, bool hasMinimum) => 2 + (hasMinimum ? 2 : 0) + (bits == 5 ? 4 : 0) + 16;

    private static byte[] Block(float[] x, int bits, bool hasMinimum)
    {
        var (half, most) = (1 << (bits - 1), (1 << bits) - 1);
        float least = x[0], greatest = x[0], largest = x[0];
        foreach (var value in x)
        {
            if (value < least) least = value;
            if (value > greatest) greatest = value;
            if (MathF.Abs(value) > MathF.Abs(largest)) largest = value;
        }

        var scale = hasMinimum ? (greatest - least) / most : largest / -half;
        var inverse = scale == 0 ? 0 : 1 / scale;
        var quants = x.Select(v => Math.Min((int)(hasMinimum ? ((v - least) * inverse) + 0.5f : (v * inverse) + half + 0.5f), most)).ToArray();
        var block = new byte[Bytes(bits, hasMinimum)];
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale);
        if (hasMinimum) BinaryPrimitives.WriteHalfLittleEndian(block.AsSpan(2), (Half)least);
        if (bits == 5) BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(hasMinimum ? 4 : 2), (uint)quants.Select((q, i) => (long)(q >> 4) << i).Sum());
        for (var i = 0; i < 16; i++) block[block.Length - 16 + i] = (byte)((quants[i] & 15) | (quants[i + 16] & 15) << 4);
        return block;
    }
}

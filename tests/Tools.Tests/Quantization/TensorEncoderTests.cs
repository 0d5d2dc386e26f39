using System.Runtime.InteropServices;
using ArchGen.Cpu.Tests.Kernels;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Quantization;
using ArchGen.Tools.Recipes;

namespace ArchGen.Tools.Tests.Quantization;

/// <summary>The vectorized encoders against arithmetic one element at a time.</summary>
public sealed class TensorEncoderTests
{
    [Fact]
    public void Halves_are_those_of_the_framework()
    {
        var source = Numbers();
        var bytes = new byte[source.Length * 2];
        TensorFormats.Of(TensorType.F16).Encoder!.Encode(source, bytes);
        var halves = MemoryMarshal.Cast<byte, ushort>(bytes);
        for (var i = 0; i < source.Length; i++)
        {
            if (float.IsNaN(source[i])) Assert.True(Half.IsNaN(BitConverter.UInt16BitsToHalf(halves[i])));
            else Assert.Equal(BitConverter.HalfToUInt16Bits((Half)source[i]), halves[i]);
        }
    }

    [Fact]
    public void Upper_halves_are_rounded_to_even()
    {
        var source = Numbers();
        var bytes = new byte[source.Length * 2];
        TensorFormats.Of(TensorType.BF16).Encoder!.Encode(source, bytes);
        var found = MemoryMarshal.Cast<byte, ushort>(bytes);
        for (var i = 0; i < source.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(source[i]);
            if (float.IsNaN(source[i])) Assert.True(float.IsNaN(BitConverter.UInt32BitsToSingle((uint)found[i] << 16)));
            else Assert.Equal((ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16), found[i]);
        }
    }

    [Fact]
    public void Blocks_of_32_are_those_of_the_definition()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 2000; trial++)
        {
            var source = new float[32];
            for (var i = 0; i < 32; i++)
            {
                source[i] = trial switch { 0 => 0, 1 => i - 15.5f, _ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 4))) };
            }

            if (trial == 1) source[31] = 127 * 0.5f;
            var block = new byte[34];
            TensorFormats.Of(TensorType.Q8_0).Encoder!.Encode(source, block);
            var scale = source.Max(MathF.Abs) / 127;
            var inverse = scale == 0 ? 0 : 1 / scale;
            Assert.Equal(BitConverter.HalfToUInt16Bits((Half)scale), BitConverter.ToUInt16(block));
            for (var i = 0; i < 32; i++) Assert.Equal((sbyte)MathF.Round(source[i] * inverse, MidpointRounding.AwayFromZero), (sbyte)block[2 + i]);
        }
    }

    /// <summary>ggml moves what is behind a group of 32 zeros to its place, and leaves the scales where they are; see docs/quantization.md.</summary>
    [Fact]
    public void A_group_of_zeros_leaves_its_neighbours_in_their_places()
    {
        const int Group = 32, Zeros = 2, Entries = 2, EntriesOfGroup = 8;
        var random = new Random(5);
        var source = Enumerable.Range(0, 256).Select(i => i / Group == Zeros ? 0 : random.NextSingle() - 0.5f).ToArray();
        var block = new byte[TensorType.IQ3_S.BytesPerBlock];
        TensorFormats.Of(TensorType.IQ3_S).Encoder!.Encode(source, block);
        Assert.InRange(NormalizedError.Of(source, BlockDefinition.Decode(TensorType.IQ3_S, block)), 0, 0.05);

        var behind = block.AsSpan((Entries + ((Zeros + 1) * EntriesOfGroup))..(Entries + (8 * EntriesOfGroup)));
        behind.CopyTo(block.AsSpan(Entries + (Zeros * EntriesOfGroup)));
        Assert.True(NormalizedError.Of(source, BlockDefinition.Decode(TensorType.IQ3_S, block)) > 0.2, "what is moved must be noticed");
    }

    /// <summary>All exponents, both signs, ties, what is no number; not a multiple of a vector.</summary>
    private static float[] Numbers()
    {
        var numbers = new List<float> { 0, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 65504, 65519.996f, 65520, 65536, 6e-8f,
            2.9802322e-8f, 2.98023224e-8f * 1.0001f, 6.1035156e-5f, 6.0975552e-5f };
        for (uint bits = 0; bits < 0xFF000000; bits += 65521) numbers.Add(BitConverter.UInt32BitsToSingle(bits));
        for (uint bits = 0x33000000; bits < 0x47800000; bits += 0x800) numbers.Add(BitConverter.UInt32BitsToSingle(bits));
        return [.. numbers];
    }
}

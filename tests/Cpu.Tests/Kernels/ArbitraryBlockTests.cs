using System.Runtime.InteropServices;
using ArchGen.Cpu.Kernels;
using ArchGen.Formats;

namespace ArchGen.Cpu.Tests.Kernels;

/// <summary>Blocks that no encoder writes decode as their definition says, on every instruction set.</summary>
public sealed unsafe class ArbitraryBlockTests
{
    /// <summary>Zeros, subnormal, largest, infinite and no numbers, as half-precision scales.</summary>
    private static readonly ushort[] Specials = [0x0000, 0x8000, 0x0001, 0x83FF, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x7E00, 0xFC01];

    public static TheoryData<TensorType, InstructionSet, Precision> TypesAndTiers() => DequantizeTests.TypesAndTiers();

    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void Any_bytes_decode_as_defined(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        var blocks = Blocks(type);
        var difference = Difference(type, blocks, BlockDefinition.Decode(type, blocks), Decode(type, target, blocks));
        Assert.True(difference is null, $"{type.Name} on {target}: {difference}");
    }

    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void A_change_of_any_byte_is_noticed(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        // Where a scale is no number, or zero, its block shows nothing; one of many does.
        var blocks = Random(type, 32);
        var expected = BlockDefinition.Decode(type, blocks);
        for (var at = 0; at < type.BytesPerBlock; at++)
        {
            var changed = blocks.ToArray();
            for (var begin = 0; begin < changed.Length; begin += type.BytesPerBlock) changed[begin + at] ^= 0xFF;
            Assert.True(Difference(type, changed, expected, Decode(type, target, changed)) is not null, $"{type.Name} on {target}: byte {at}");
        }
    }

    /// <summary>Random blocks; each value of the first byte; each special number in each place where a scale may stand.</summary>
    private static byte[] Blocks(TensorType type)
    {
        var size = type.BytesPerBlock;
        var places = size / sizeof(ushort);
        var blocks = Random(type, 256 + (places * Specials.Length) + 256);
        for (var i = 0; i < 256; i++) blocks[i * size] = (byte)i;
        for (var i = 0; i < places * Specials.Length; i++)
        {
            var block = blocks.AsSpan((256 + i) * size, size);
            var special = Specials[i % Specials.Length];
            MemoryMarshal.Cast<byte, ushort>(block)[i / Specials.Length] = special;
            // Its scale is spread over the upper nibbles of the last four words.
            for (var word = 0; type == TensorType.IQ1_M && word < 4; word++)
                block[49 + (2 * word)] = (byte)(block[49 + (2 * word)] & 15 | (special >> (4 * word) & 15) << 4);
        }

        return blocks;
    }

    private static byte[] Random(TensorType type, int blocks)
    {
        var bytes = new byte[blocks * type.BytesPerBlock];
        new Random((int)type).NextBytes(bytes);
        return bytes;
    }

    private static float[] Decode(TensorType type, CpuTarget target, byte[] blocks)
    {
        using var source = new NativeBuffer<byte>(blocks);
        using var weights = new NativeBuffer<float>(blocks.Length / type.BytesPerBlock * type.BlockSize);
        TensorFormats.Of(type).DecoderWith(target.Vectors).Decode(source.Pointer, weights.Pointer, weights.Span.Length);
        return weights.Span.ToArray();
    }

    /// <summary>The first weight whose bits differ, or null; what is no number counts as equal.</summary>
    private static string? Difference(TensorType type, byte[] blocks, float[] expected, float[] found)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (float.IsNaN(expected[i]) && float.IsNaN(found[i])) continue;
            if (BitConverter.SingleToUInt32Bits(expected[i]) == BitConverter.SingleToUInt32Bits(found[i])) continue;
            var block = Convert.ToHexString(blocks, i / type.BlockSize * type.BytesPerBlock, type.BytesPerBlock);
            return $"weight {i % type.BlockSize} of {block} is {found[i]:R}; expected {expected[i]:R}";
        }

        return null;
    }
}

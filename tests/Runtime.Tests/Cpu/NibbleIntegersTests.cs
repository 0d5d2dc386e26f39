using System.Runtime.InteropServices;
using ArchGen.Cpu;
using ArchGen.Cpu.Blocks;
using ArchGen.Cpu.Integers;
using ArchGen.Gguf;

namespace ArchGen.Runtime.Tests.Cpu;

/// <summary>Pieces of 4-bit weights as integers times a scale, whole or split into bytes.</summary>
public sealed unsafe class NibbleIntegersTests
{
    private const int Piece = IntegerPanels.Piece;

    /// <summary>The length with which no sum of products leaves 32 bits.</summary>
    private const double Longest = 65534;

    public static TheoryData<TensorType> Types => [TensorType.Q4_0, TensorType.Q4_K];

    [Avx512Theory]
    [MemberData(nameof(Types))]
    public void TheyAreTheWeightsRounded(TensorType type)
    {
        foreach (var blocks in (byte[][])[QuantizedRows.Read(type), Random(type, 3), Random(type, 4)])
            foreach (var piece in blocks.Chunk((int)type.ByteLength(Piece)))
                foreach (var (integers, scale) in new[] { Convert(type, piece), Split(type, piece) })
                {
                    var weights = Dequantize(type, piece);
                    for (var i = 0; i < Piece; i++)
                    {
                        var exact = scale == 0 ? 0 : weights[i] / (double)scale;
                        Assert.True(Math.Abs(integers[i] - exact) <= 0.51, $"weight {i}: {integers[i]} for {exact}");
                    }
                }
    }

    /// <summary>In bytes they are as large as can be: the scale is that of the largest weight that a group may have.</summary>
    [Avx512Theory]
    [MemberData(nameof(Types))]
    public void SplitTheyUseAllBits(TensorType type)
    {
        var most = Enumerable.Range(0, 20).Max(seed => Split(type, Random(type, seed)).Integers.Max(v => Math.Abs((int)v)));
        Assert.InRange(most, 32000, 32639);
    }

    [Avx512Theory]
    [MemberData(nameof(Types))]
    public void TheirLengthIsBounded(TensorType type)
    {
        var longest = 0.0;
        foreach (var value in (byte[])[0x00, 0x77, 0x88, 0xFF, 0x0F, 0xF0])
            foreach (var seed in Enumerable.Range(0, 20))
            {
                var blocks = Random(type, seed);
                for (var block = 0; block < blocks.Length; block += type.BytesPerBlock)
                    blocks.AsSpan(block + Header(type), type.BytesPerBlock - Header(type)).Fill(value);
                var (integers, _) = Convert(type, blocks);
                var length = Math.Sqrt(integers.Sum(v => (double)v * v));
                Assert.InRange(length, 0, Longest);
                longest = Math.Max(longest, length);
            }

        // Where all weights are the largest of their group, the bound is reached.
        Assert.InRange(longest, 0.99 * Longest, Longest);
    }

    /// <summary>A scale that is no number shows in the results; the first of a block is at its beginning.</summary>
    [Avx512Theory]
    [MemberData(nameof(Types))]
    public void WhatIsNoNumberIsSeen(TensorType type)
    {
        foreach (var half in (Half[])[Half.NaN, Half.PositiveInfinity, Half.NegativeInfinity])
            for (var block = 0; block < Piece / type.BlockSize; block++)
            {
                var blocks = Random(type, 1);
                MemoryMarshal.Cast<byte, Half>(blocks.AsSpan(block * type.BytesPerBlock))[0] = half;
                Assert.False(float.IsFinite(Convert(type, blocks).Scale));
                Assert.False(float.IsFinite(Split(type, blocks).Scale));
            }
    }

    [Avx512Theory]
    [MemberData(nameof(Types))]
    public void ZerosAreZeros(TensorType type)
    {
        var blocks = new byte[type.ByteLength(Piece)];
        foreach (var (integers, scale) in new[] { Convert(type, blocks), Split(type, blocks) })
        {
            Assert.All(integers, v => Assert.Equal(0, v));
            Assert.Equal(0, scale);
        }
    }

    private static int Header(TensorType type) => type == TensorType.Q4_0 ? 2 : 16;

    /// <summary>Blocks of arbitrary bytes whose scales are ordinary numbers of either sign.</summary>
    private static byte[] Random(TensorType type, int seed)
    {
        var random = new Random(seed);
        var blocks = new byte[type.ByteLength(Piece)];
        random.NextBytes(blocks);
        for (var block = 0; block < blocks.Length; block += type.BytesPerBlock)
        {
            var halves = MemoryMarshal.Cast<byte, Half>(blocks.AsSpan(block));
            halves[0] = (Half)(random.NextDouble() - 0.5);
            if (type == TensorType.Q4_K) halves[1] = (Half)(random.NextDouble() * 4);
        }

        return blocks;
    }

    private static float[] Dequantize(TensorType type, byte[] blocks)
    {
        var weights = new float[Piece];
        fixed (byte* source = blocks)
        fixed (float* target = weights) MatMulKernel.For(type, CpuTier.Portable).Dequantize(source, target, Piece);
        return weights;
    }

    private static (short[] Integers, float Scale) Convert(TensorType type, byte[] blocks) =>
        type == TensorType.Q4_0 ? Convert<BlocksOf32<Q4_0Block>>(blocks) : Convert<Q4KBlock>(blocks);

    private static (short[] Integers, float Scale) Convert<TFormat>(byte[] blocks) where TFormat : struct, IBlockFormat
    {
        Assert.True(NibbleGroups.IsSupported<TFormat>());
        var integers = new short[Piece];
        var groups = stackalloc float[NibbleGroups.Floats];
        fixed (byte* source = blocks)
        fixed (short* target = integers)
        {
            var scale = NibbleIntegers.Measure<TFormat>(source, groups);
            NibbleIntegers.Convert<TFormat>(source, groups, target);
            return (integers, scale);
        }
    }

    private static (short[] Integers, float Scale) Split(TensorType type, byte[] blocks) =>
        type == TensorType.Q4_0 ? Split<BlocksOf32<Q4_0Block>>(blocks) : Split<Q4KBlock>(blocks);

    private static (short[] Integers, float Scale) Split<TFormat>(byte[] blocks) where TFormat : struct, IBlockFormat
    {
        sbyte[] upper = new sbyte[Piece], lower = new sbyte[Piece];
        var groups = stackalloc float[NibbleGroups.Floats];
        fixed (byte* source = blocks)
        fixed (sbyte* u = upper, l = lower)
        {
            var scale = SplitNibbles.Measure<TFormat>(source, groups);
            SplitNibbles.Convert<TFormat>(source, groups, u, l, 64);
            return ([.. upper.Zip(lower, (a, b) => (short)((256 * a) + b))], scale);
        }
    }
}

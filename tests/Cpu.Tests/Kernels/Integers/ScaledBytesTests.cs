using System.Runtime.Intrinsics;
using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Simd;
using ArchGen.Gguf;

namespace ArchGen.Cpu.Tests.Kernels.Integers;

/// <summary>Pieces of weights as integers times a scale.</summary>
public sealed unsafe class ScaledBytesTests
{
    private const int Piece = IntegerPanels.ChunkSize;

    public static TheoryData<TensorType> Types()
    {
        var types = new TheoryData<TensorType>();
        foreach (var type in Enum.GetValues<TensorType>()
            .Where(type => TensorFormats.Of(type).IsDecodable && ScaledBytes.Find(type, isSplit: false) is not null))
        {
            types.Add(type);
        }

        return types;
    }

    [VnniTheory]
    [MemberData(nameof(Types))]
    public void They_are_the_weights_rounded(TensorType type)
    {
        var arbitrary = ((byte?[])[null, 0x00, 0x77, 0x80, 0xFF]).Select(code => ArbitraryRows.Create(type, code));
        foreach (var blocks in (byte[][])[QuantizedRows.Read(type), .. arbitrary])
        {
            foreach (var isSplit in (bool[])[false, true])
            {
                foreach (var count in (int[])[Piece, Piece / 2])
                {
                    foreach (var piece in blocks.Chunk((int)type.ByteLength(count)))
                        Check(type, piece, count, isSplit);
                }
            }
        }
    }

    [VnniTheory]
    [MemberData(nameof(Types))]
    public void They_use_most_bits(TensorType type)
    {
        foreach (var piece in QuantizedRows.Read(type).Chunk((int)type.ByteLength(Piece)))
        {
            var (integers, scale) = Unpack(type, piece, Piece, isSplit: false);
            if (scale == 0 || integers.All(value => value == 0)) continue;
            var length = Math.Sqrt(integers.Sum(value => (double)value * value));
            Assert.True(length > 16000 || integers.Max(value => Math.Abs((int)value)) > 3000, $"length {length}");
        }
    }

    /// <summary>Their squares overflow or vanish as floats.</summary>
    [VnniTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(215)]
    [InlineData(250)]
    public void Powers_of_two_may_be_extreme(byte exponent)
    {
        var blocks = ArbitraryRows.Create(TensorType.MXFP4, code: null)[..(int)TensorType.MXFP4.ByteLength(Piece)];
        for (var i = 0; i < blocks.Length; i += TensorType.MXFP4.BytesPerBlock) blocks[i] = (byte)(exponent + (i % 2));
        Check(TensorType.MXFP4, blocks, Piece, isSplit: false);
    }

    [VnniTheory]
    [MemberData(nameof(Types))]
    public void Zeros_are_zeros(TensorType type)
    {
        if (type == TensorType.MXFP4) return; // Its scales are never zero.
        var (integers, scale) = Unpack(type, new byte[type.ByteLength(Piece)], Piece, isSplit: false);
        Assert.All(integers, value => Assert.Equal(0, value));
        Assert.Equal(0, scale);
    }

    /// <summary>A scale that is no number shows in the results.</summary>
    [VnniTheory]
    [InlineData(TensorType.Q4_0, 0)]
    [InlineData(TensorType.Q8_0, 0)]
    [InlineData(TensorType.Q4_1, 2)]
    [InlineData(TensorType.Q2_K, 82)]
    [InlineData(TensorType.Q4_K, 2)]
    [InlineData(TensorType.Q6_K, 208)]
    [InlineData(TensorType.IQ3_S, 0)]
    public void What_is_no_number_is_seen(TensorType type, int place)
    {
        foreach (var half in (Half[])[Half.NaN, Half.PositiveInfinity, Half.NegativeInfinity])
        {
            for (var block = 0; block < Piece / type.BlockSize; block++)
            {
                var blocks = ArbitraryRows.Create(type, 0x77)[..(int)type.ByteLength(Piece)];
                BitConverter.TryWriteBytes(blocks.AsSpan((block * type.BytesPerBlock) + place), half);
                Assert.False(float.IsFinite(Unpack(type, blocks, Piece, isSplit: false).Scale));
            }
        }
    }

    private static void Check(TensorType type, byte[] blocks, int count, bool isSplit)
    {
        var weights = new float[count];
        fixed (byte* source = blocks)
        fixed (float* target = weights) TensorFormats.Of(type).DecoderWith(VectorWidth.Portable).Decode(source, target, count);

        var (integers, scale) = Unpack(type, blocks, count, isSplit);

        // Rounded are the product with the lane's scale, the scale itself, and a minimum.
        for (var i = 0; i < count; i++) Assert.InRange(integers[i] - (scale == 0 ? 0 : weights[i] / (double)scale), -1.6, 1.6);
        Assert.InRange(integers.Max(value => Math.Abs((int)value)), 0, Target.Max.Magnitude + 2);
        Assert.InRange(Math.Sqrt(integers.Sum(value => (double)value * value)), 0, 65534);
    }

    /// <summary>The integers in the order of the weights.</summary>
    private static (short[] Integers, float Scale) Unpack(TensorType type, byte[] blocks, int count, bool isSplit)
    {
        var (integers, ordered) = (new short[count], new short[count]);
        var bytes = ScaledBytes.Find(type, isSplit)!;
        float scale;
        fixed (byte* row = blocks)
        fixed (short* target = integers) bytes.Unpack(row, blocks.Length, 1, 1, 0, count, new Target(target, isSplit), &scale);
        for (var i = 0; i < count; i++)
        {
            var four = i / 4;
            ordered[(4 * ((four / 64 * 64) + bytes.PlacesOf(count)![four % 64])) + (i % 4)] = integers[i];
        }

        return (ordered, scale);
    }

    private readonly struct Target(short* integers, bool isSplit) : IChunkTarget
    {
        public static int Unit => throw new NotSupportedException();

        public static (float Length, float Magnitude) Max => (65000, 12765);

        public Vector512<int> Take(int row, int index, Vector512<short> first, Vector512<short> last, Vector512<int> sum)
        {
            if (!isSplit)
            {
                first.Store(integers + index);
                last.Store(integers + index + 32);
                return sum;
            }

            var bytes = stackalloc sbyte[128];
            SplitIntegers.Store(first, last, bytes, bytes + 64);
            for (var i = 0; i < 64; i++) integers[index + i] = (short)((256 * bytes[i]) + bytes[64 + i]);
            return sum;
        }

        public void End(int row, Vector512<int> sum)
        {
        }

        public float Measure(float* row, int count) => throw new NotSupportedException();

        public float Convert(float* row, int count, float measure, int index) => throw new NotSupportedException();
    }
}

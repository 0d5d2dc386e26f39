using ArchGen.Formats;

namespace ArchGen.Formats.Tests;

public sealed class TensorTypesTests
{
    // Numbers, names and sizes as llama.cpp's gguf-py lists them (GGML_QUANT_SIZES).
    [Theory]
    [InlineData(0, "f32", 1, 4)]
    [InlineData(1, "f16", 1, 2)]
    [InlineData(2, "q4_0", 32, 18)]
    [InlineData(3, "q4_1", 32, 20)]
    [InlineData(6, "q5_0", 32, 22)]
    [InlineData(7, "q5_1", 32, 24)]
    [InlineData(8, "q8_0", 32, 34)]
    [InlineData(9, "q8_1", 32, 36)]
    [InlineData(10, "q2_K", 256, 84)]
    [InlineData(11, "q3_K", 256, 110)]
    [InlineData(12, "q4_K", 256, 144)]
    [InlineData(13, "q5_K", 256, 176)]
    [InlineData(14, "q6_K", 256, 210)]
    [InlineData(15, "q8_K", 256, 292)]
    [InlineData(16, "iq2_xxs", 256, 66)]
    [InlineData(17, "iq2_xs", 256, 74)]
    [InlineData(18, "iq3_xxs", 256, 98)]
    [InlineData(19, "iq1_s", 256, 50)]
    [InlineData(20, "iq4_nl", 32, 18)]
    [InlineData(21, "iq3_s", 256, 110)]
    [InlineData(22, "iq2_s", 256, 82)]
    [InlineData(23, "iq4_xs", 256, 136)]
    [InlineData(24, "i8", 1, 1)]
    [InlineData(25, "i16", 1, 2)]
    [InlineData(26, "i32", 1, 4)]
    [InlineData(27, "i64", 1, 8)]
    [InlineData(28, "f64", 1, 8)]
    [InlineData(29, "iq1_m", 256, 56)]
    [InlineData(30, "bf16", 1, 2)]
    [InlineData(34, "tq1_0", 256, 54)]
    [InlineData(35, "tq2_0", 256, 66)]
    [InlineData(39, "mxfp4", 32, 17)]
    [InlineData(40, "nvfp4", 64, 36)]
    [InlineData(41, "q1_0", 128, 18)]
    [InlineData(42, "q2_0", 64, 18)]
    public void Facts(int id, string name, int blockSize, int bytesPerBlock)
    {
        var type = (TensorType)id;
        Assert.True(type.IsKnown);
        Assert.Equal(name, type.Name);
        Assert.Equal(name, type.ToString(), ignoreCase: true);
        Assert.Equal(blockSize, type.BlockSize);
        Assert.Equal(bytesPerBlock, type.BytesPerBlock);
        Assert.Equal(blockSize > 1, type.IsQuantized);
        Assert.Equal(3L * bytesPerBlock, type.ByteLength(3L * blockSize));
        Assert.True(TensorTypes.TryParse(name.ToUpperInvariant(), out var parsed));
        Assert.Equal(type, parsed);
    }

    [Fact]
    public void Every_type_is_in_the_table() => Assert.Equal(Enum.GetValues<TensorType>(), TensorTypes.All);

    [Fact]
    public void Withdrawn_types_are_unknown()
    {
        Assert.False(((TensorType)4).IsKnown);
        Assert.False(((TensorType)uint.MaxValue).IsKnown);
        Assert.False(TensorTypes.TryParse("q4_2", out _));
    }
}

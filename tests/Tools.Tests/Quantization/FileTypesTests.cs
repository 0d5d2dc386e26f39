using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Quantization.Mixes;
using ArchGen.Tools.Quantization.Plan;

namespace ArchGen.Tools.Tests.Quantization;

/// <summary>The file types by name and number, and what stands in where a width does not fit.</summary>
public sealed class FileTypesTests
{
    // llama.h, llama_ftype.
    [Theory]
    [InlineData("F32", 0, "f32")]
    [InlineData("f16", 1, "f16")]
    [InlineData("Q8_0", 7, "q8_0")]
    [InlineData("Q3_K", 12, "q3_K")]
    [InlineData("q4_k", 15, "q4_K")]
    [InlineData("Q5_K", 17, "q5_K")]
    [InlineData("21", 21, "q2_K")]
    [InlineData("IQ2_S", 28, "iq2_xs")]
    [InlineData("IQ2_M", 29, "iq2_s")]
    [InlineData("IQ3_XS", 22, "iq3_s")]
    [InlineData("MXFP4_MOE", 38, "mxfp4")]
    [InlineData("Q2_0", 41, "q2_0")]
    public void A_file_type_is_found_by_name_alias_and_number(string text, int id, string type)
    {
        Assert.True(FileType.TryParse(text, out var found));
        Assert.Equal((id, type), (found.Id, found.Type.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Q4")]
    [InlineData("-1")]
    [InlineData("4")]
    [InlineData("99999999999")]
    public void What_is_no_file_type_is_not_found(string text) => Assert.False(FileType.TryParse(text, out _));

    [Fact]
    public void Names_and_numbers_are_unique()
    {
        Assert.Equal(36, FileTypes.All.Count(t => !t.KeepsTypes));
        Assert.Equal(FileTypes.All.Count, FileTypes.All.Select(t => t.Id).Distinct().Count());
        var names = FileTypes.All.SelectMany(t => t.Aliases.Append(t.Name)).ToList();
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Theory]
    [InlineData(TensorType.Q4_K, 512, TensorType.Q4_K)]
    [InlineData(TensorType.Q4_K, 96, TensorType.Q5_0)]
    [InlineData(TensorType.Q5_K, 96, TensorType.Q5_1)]
    [InlineData(TensorType.Q6_K, 96, TensorType.Q8_0)]
    [InlineData(TensorType.Q3_K, 96, TensorType.Q4_0)]
    [InlineData(TensorType.TQ1_0, 96, TensorType.Q4_0)]
    [InlineData(TensorType.IQ1_S, 96, TensorType.IQ4_NL)]
    [InlineData(TensorType.Q2_0, 96, TensorType.Q4_0)]
    [InlineData(TensorType.Q6_K, 40, TensorType.F16)]
    [InlineData(TensorType.Q8_0, 40, TensorType.F16)]
    [InlineData(TensorType.MXFP4, 40, TensorType.F16)]
    public void A_width_that_does_not_fit_has_another_type(TensorType type, long columns, TensorType expected) =>
        Assert.Equal(expected, FallbackTypes.Fit(type, columns));

    [Fact]
    public void Tensors_come_by_block_and_name()
    {
        string[] names = ["blk.10.a", "blk.2.b", "output.weight", "blk.2.a", "dec.blk.1.a", "blk.x.a", "blk.99999999999.a"];
        Assert.Equal(["blk.99999999999.a", "blk.x.a", "dec.blk.1.a", "output.weight", "blk.2.a", "blk.2.b", "blk.10.a"], names.Order(TensorOrder.Instance));
    }
}

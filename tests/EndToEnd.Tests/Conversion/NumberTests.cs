using System.Text.Json.Nodes;
using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>No number that is not finite is written: the tensor is named, and what to do.</summary>
public sealed class NumberTests
{
    private const string Weights = "model.safetensors", Tensor = "model.layers.0.mlp.down_proj.weight";

    [Theory]
    [InlineData("BF16", 1e5, "f16")]
    [InlineData("BF16", -3e38, "f16")]
    [InlineData("BF16", -3e38, "q8_0")]
    [InlineData("BF16", 1e8, "q8_0")]
    [InlineData("BF16", 1e8, "q4_0")]
    [InlineData("BF16", 1e8, "q5_1")]
    public void A_weight_that_is_too_large_for_the_type_is_refused(string stored, double value, string type)
    {
        using var checkpoint = With(stored, value);
        var target = checkpoint.File("out.gguf");
        var run = Archgen.Run("convert", checkpoint.Path, "--outtype", type, "--outfile", target);
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.StartsWith($"archgen: blk.0.ffn_down.weight ({Tensor}) holds ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith($"which is too large for {type}. Choose a type with a wider range: --outtype bf16.\n", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(target));
        Assert.Equal(0, Archgen.Run("convert", checkpoint.Path, "--outtype", "bf16", "--outfile", target).ExitCode);
    }

    [Theory]
    [InlineData("BF16", double.NaN, "bf16")]
    [InlineData("BF16", double.PositiveInfinity, "f32")]
    [InlineData("BF16", double.NegativeInfinity, "q8_0")]
    [InlineData("F16", double.NaN, "f16")]
    [InlineData("F32", double.NaN, "f32")]
    public void A_number_that_is_not_finite_is_refused(string stored, double value, string type)
    {
        using var checkpoint = With(stored, value);
        var run = Archgen.Run("convert", checkpoint.Path, "--outtype", type, "--outfile", checkpoint.File("out.gguf"));
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains($"blk.0.ffn_down.weight ({Tensor}) holds a number that is not finite. The checkpoint is damaged", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(checkpoint.File("out.gguf")));
    }

    [Fact]
    public void A_merged_matrix_that_is_too_large_for_its_type_is_refused()
    {
        using CheckpointFolder adapter = new("lora-llama-mha"), model = new("llama-mha");
        string @base = model.File("base.gguf"), lora = adapter.File("adapter.gguf"), merged = model.File("merged.gguf");
        Assert.Equal(0, Archgen.Run("convert", model.Path, "--outtype", "f16", "--outfile", @base).ExitCode);
        Assert.Equal(0, Archgen.Run("convert-lora", adapter.Path, "--base", model.Path, "--outfile", lora).ExitCode);
        var run = Archgen.Run("merge-lora", @base, "--lora", $"{lora}:1e9", "--outfile", merged);
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Matches(@"archgen: blk\.\d\.\S+, merged, holds \S+, which is too large for f16\. Choose a type with a wider range: --outtype bf16\.", run.Error);
        Assert.False(File.Exists(merged));
        Assert.Equal(0, Archgen.Run("merge-lora", @base, "--lora", $"{lora}:1e9", "--outtype", "bf16", "--outfile", merged).ExitCode);
        Assert.Contains("holds a number that is not finite",
            Archgen.Run("merge-lora", @base, "--lora", $"{lora}:1e38", "--lora", $"{lora}:3e38", "--outtype", "f32", "--outfile", merged).Error);
    }

    /// <summary>The checkpoint with one tensor stored otherwise: zeros, and one number.</summary>
    private static CheckpointFolder With(string stored, double value)
    {
        var checkpoint = new CheckpointFolder("llama-mha");
        var bytes = File.ReadAllBytes(checkpoint.File(Weights));
        var length = (int)BitConverter.ToUInt64(bytes);
        var header = JsonNode.Parse(bytes.AsSpan(8, length))!.AsObject();
        var data = new MemoryStream();
        foreach (var (name, entry) in header.Where(t => t.Key != "__metadata__").ToList())
        {
            var (begin, at) = ((int)data.Length, entry!["data_offsets"]!);
            if (name == Tensor)
            {
                var count = entry["shape"]!.AsArray().Aggregate(1L, (product, size) => product * (long)size!);
                for (var i = 0L; i < count; i++) data.Write(Bytes(i == 77 ? value : 0, stored));
                entry["dtype"] = stored;
            }
            else
            {
                data.Write(bytes.AsSpan(8 + length + (int)at[0]!, (int)at[1]! - (int)at[0]!));
            }

            entry["data_offsets"] = new JsonArray(begin, (int)data.Length);
        }

        File.WriteAllBytes(checkpoint.File(Weights), SafetensorsBytes.Of(header.ToJsonString(), data.ToArray()));
        return checkpoint;
    }

    private static byte[] Bytes(double value, string type) => type switch
    {
        "F32" => BitConverter.GetBytes((float)value),
        "F16" => BitConverter.GetBytes((Half)value),
        _ => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits((float)value) >> 16)),
    };
}

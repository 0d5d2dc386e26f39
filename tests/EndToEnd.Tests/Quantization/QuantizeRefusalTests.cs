using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;
using ArchGen.Tools.Quantization.Importance;

namespace ArchGen.EndToEnd.Tests.Quantization;

/// <summary><c>archgen quantize</c>: what it refuses.</summary>
public sealed class QuantizeRefusalTests(SmallLlama model) : IClassFixture<SmallLlama>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Out => _folder.File("out.gguf");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("'Q9' is no file type", "Q9")]
    [InlineData("Give an importance matrix", "IQ2_XXS")]
    [InlineData("Give an importance matrix", "IQ1_S", "--imatrix", "@", "--exclude-weights", "blk.3.ffn_up")]
    [InlineData("do not go together", "Q8_0", "--imatrix", "@", "--exclude-weights", "a", "--include-weights", "b")]
    [InlineData("no entry is left", "Q8_0", "--imatrix", "@", "--include-weights", "nothing")]
    [InlineData("not of the form PATTERN=TYPE", "Q8_0", "--tensor-type", "attn_v")]
    [InlineData("is no type that a tensor can be quantized to", "Q8_0", "--tensor-type", "attn_v=i8")]
    [InlineData("is no type that a tensor can be quantized to", "Q8_0", "--output-tensor-type", "q9")]
    [InlineData("is no regular expression", "Q8_0", "--tensor-type", "(=f16")]
    [InlineData("not of the form KEY=TYPE:VALUE", "Q8_0", "--override-kv", "a=int:-1")]
    [InlineData("expected 1 to", "Q8_0", "-t", "0")]
    [InlineData("there is no such file", "Q8_0", "--imatrix", "missing")]
    [InlineData("this is no importance matrix", "Q8_0", "--imatrix", "model")]
    public void What_is_wrong_is_said_in_one_message(string message, params string[] arguments) =>
        QuantizeRun.Refused(
            message,
            ["quantize", model.Path, Out, .. arguments.Select(a => a switch { "@" => SmallLlama.Importance, "model" => model.Path, _ => a })]);

    [Fact]
    public void The_source_itself_a_folder_and_a_device_are_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        var source = _folder.File("m.gguf");
        File.Copy(model.Path, source);
        File.CreateSymbolicLink(_folder.File("link.gguf"), source);
        QuantizeRun.Refused("is the file to quantize itself", "quantize", source, source, "Q8_0");
        QuantizeRun.Refused("is the file to quantize itself", "quantize", source, _folder.File("link.gguf"), "Q8_0");
        QuantizeRun.Refused("is a folder", "quantize", source, _folder.Path, "Q8_0");
        QuantizeRun.Refused("does not exist", "quantize", source, _folder.File("none/out.gguf"), "Q8_0");
        // Not the name of a device that is there: run by the administrator, a mistake would take it away.
        QuantizeRun.Refused("folder of devices", "quantize", source, "/dev/archgen-no-device", "Q8_0");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void A_number_that_is_not_finite_is_refused(float wrong)
    {
        var values = new float[64 * 8];
        values[77] = wrong;
        QuantizeRun.Refused("blk.0.attn_v.weight holds a number that is not finite", "quantize", QuantizeRun.Write(_folder, "llama", values), Out, "Q8_0");
        Assert.False(File.Exists(Out));
    }

    [Fact]
    public void A_number_that_is_too_large_for_the_type_is_refused()
    {
        var values = new float[64 * 8];
        values[77] = 70000;
        QuantizeRun.Refused("which is too large for f16", "quantize", QuantizeRun.Write(_folder, "llama", values), Out, "F16");
        Assert.Equal(0, Archgen.Run("quantize", QuantizeRun.Write(_folder, "llama", values), Out, "BF16").ExitCode);
    }

    [Fact]
    public void Weights_of_another_shape_are_refused()
    {
        var matrix = new ImportanceMatrix([new ImportanceEntry("blk.0.attn_v.weight", new float[32], [1])], ["text"], 1, 64);
        matrix.Save(_folder.File("m.imatrix"));
        var source = QuantizeRun.Write(_folder, "llama", new float[512]);
        QuantizeRun.Refused(
            "has 32 weights for blk.0.attn_v.weight; expected 64", "quantize", source, Out, "Q8_0", "--imatrix", _folder.File("m.imatrix"));
    }

    [Theory]
    [InlineData("q4_0")]
    [InlineData("q4_K")]
    [InlineData("q6_K")]
    [InlineData("iq4_xs")]
    public void Importance_that_makes_scales_that_are_not_finite_is_refused(string type)
    {
        var values = Array.ConvertAll(new float[256 * 8], static _ => 0.25f);
        for (var i = 0; i < values.Length; i++) values[i] += i % 7;
        var sums = new float[256];
        Array.Fill(sums, float.MaxValue);
        new ImportanceMatrix([new ImportanceEntry("blk.0.attn_v.weight", sums, [1])], ["text"], 1, 64).Save(_folder.File("m.imatrix"));
        QuantizeRun.Refused(
            "blk.0.attn_v.weight: the importance matrix has weights beyond 1E+18",
            "quantize", QuantizeRun.Write(_folder, "llama", ("blk.0.attn_v.weight", [256, 8]), values), Out, "Q4_0", "--tensor-type", $"attn_v={type}",
            "--imatrix", _folder.File("m.imatrix"));
        Assert.False(File.Exists(Out));
    }
}

using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Quantization.Importance;

namespace ArchGen.EndToEnd.Tests.Quantization;

/// <summary><c>archgen quantize</c>: its options, and what it says.</summary>
public sealed class QuantizeTests(SmallLlama model) : IClassFixture<SmallLlama>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Out => _folder.File("out.gguf");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_name_the_file_stands_beside_the_source()
    {
        var source = _folder.File("m.gguf");
        File.Copy(model.Path, source);
        var run = Archgen.Run("quantize", source, "q8_0");
        Assert.Equal((0, _folder.File("ggml-model-Q8_0.gguf") + "\n"), (run.ExitCode, run.Out));
        Assert.Contains("q8_0          58", run.Error, StringComparison.Ordinal);
        Assert.Contains("in all        75", run.Error, StringComparison.Ordinal);
        Assert.Equal(8.51, 8 * new FileInfo(_folder.File("ggml-model-Q8_0.gguf")).Length / (double)Elements(source), 0.03);
    }

    [Fact]
    public void A_dry_run_prints_the_plan_and_writes_nothing()
    {
        var run = Archgen.Run("quantize", model.Path, Out, "Q8_0", "--dry-run");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"blk\.0\.attn_v\.weight +\[64, 256\] +f16 -> q8_0 +0\.02 MB  attention value\n", run.Out);
        Assert.Matches(@"blk\.7\.ffn_norm\.weight +\[256\] +f32 +0\.00 MB  parameter\n", run.Out);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Rules_options_and_pure_decide_types()
    {
        var types = Types("Q8_0", "--tensor-type", "ATTN_V=f32", "--tensor-type", @"blk\.[0-3]\.=bf16", "--tensor-type", "attn_v=f16", "--output-tensor-type",
            "f16", "--token-embedding-type", "BF16");
        Assert.Equal(TensorType.F32, types["blk.0.attn_v.weight"]);
        Assert.Equal(TensorType.BF16, types["blk.3.attn_k.weight"]);
        Assert.Equal(TensorType.Q8_0, types["blk.4.attn_k.weight"]);
        Assert.Equal(TensorType.F32, types["blk.3.attn_norm.weight"]);
        Assert.Equal((TensorType.F16, TensorType.BF16), (types["output.weight"], types["token_embd.weight"]));
        File.WriteAllText(_folder.File("rules"), "attn_q=f32\nffn_up=bf16\n");
        types = Types("F16", "--tensor-type-file", _folder.File("rules"));
        Assert.Equal((TensorType.F32, TensorType.BF16, TensorType.F16),
            (types["blk.5.attn_q.weight"], types["blk.5.ffn_up.weight"], types["blk.5.ffn_down.weight"]));
        Assert.Equal(TensorType.F16, Types("Q8_0", "--leave-output-tensor")["output.weight"]);
        Assert.Equal(TensorType.Q8_0, Types("Q8_0", "--pure")["output.weight"]);
    }

    [Fact]
    public void A_copy_keeps_types_and_bytes_and_keys_can_be_set()
    {
        Assert.Equal(0, Archgen.Run("quantize", model.Path, Out, "COPY", "--override-kv", "general.name=str:A: b", "--override-kv",
            "llama.context_length=int:9", "--override-kv", "a=bool:true").ExitCode);
        using GgufFile before = GgufFile.Open(model.Path), after = GgufFile.Open(Out);
        Assert.Equal(("A: b", 9, true),
            (after.Metadata.GetString("general.name"), after.Metadata.GetInt32("llama.context_length"), after.Metadata.GetBool("a")));
        Assert.Equal(before.Metadata.GetInt32("general.file_type"), after.Metadata.GetInt32("general.file_type"));
        foreach (var tensor in before.Tensors)
        {
            Assert.True(after.TryGetTensor(tensor.Name, out var copy));
            Assert.True(copy.Type == tensor.Type && copy.Span.SequenceEqual(tensor.Span), tensor.Name);
        }
    }

    [Fact]
    public void A_model_in_parts_stays_in_parts_or_becomes_one()
    {
        var parts = Parts(2);
        Assert.Equal(0, Archgen.Run("quantize", parts, Out, "Q8_0", "--keep-split").ExitCode);
        var first = _folder.File("out-00001-of-00002.gguf");
        Assert.Equal(0, Archgen.Run("quantize", parts, Out, "Q8_0").ExitCode);
        using GgufFile split = GgufFile.Open(first), whole = GgufFile.Open(Out);
        Assert.Equal(2, split.Metadata.GetInt32("split.count"));
        Assert.False(whole.Metadata.ContainsKey("split.count"));
        Assert.Equal(75, split.Tensors.Count);
        foreach (var tensor in split.Tensors)
        {
            Assert.True(whole.TryGetTensor(tensor.Name, out var same));
            Assert.True(same.Type == tensor.Type && same.Span.SequenceEqual(tensor.Span), tensor.Name);
        }
    }

    [Fact]
    public void A_width_that_does_not_fit_has_another_type_and_that_is_said()
    {
        var source = QuantizeRun.Write(_folder, "nobody", ("token_embd.weight", [40, 8]), ("blk.0.attn_v.weight", [64, 8]), ("blk.0.odd.weight", [3, 5]));
        var run = Archgen.Run("quantize", source, Out, "Q8_0");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("rows of 40 are no whole blocks of q8_0 (32); f16 instead", run.Error, StringComparison.Ordinal);
        Assert.Contains("The architecture \"nobody\" is not declared", run.Error, StringComparison.Ordinal);
        using var file = GgufFile.Open(Out);
        Assert.Equal([TensorType.F16, TensorType.Q8_0, TensorType.F16], file.Tensors.Select(t => t.Type));
    }

    [Fact]
    public void Quantizing_again_must_be_allowed()
    {
        Assert.Equal(0, Archgen.Run("quantize", model.Path, Out, "Q8_0").ExitCode);
        QuantizeRun.Refused("--allow-requantize", "quantize", Out, _folder.File("again.gguf"), "F16");
        Assert.Equal(0, Archgen.Run("quantize", Out, _folder.File("again.gguf"), "F16", "--allow-requantize").ExitCode);
        Assert.Equal(0, Archgen.Run("quantize", Out, _folder.File("same.gguf"), "Q8_0").ExitCode);
        Assert.Equal(SmallLlama.Digest(Out), SmallLlama.Digest(_folder.File("same.gguf")));
    }

    /// <summary>Weights of columns that share a scale, and matter nothing by the matrix, are as good as the others.</summary>
    [Theory]
    [InlineData("q4_0", 32, 0.02)]
    [InlineData("q5_1", 32, 0.01)]
    [InlineData("q4_K", 32, 0.02)]
    [InlineData("q6_K", 16, 0.01)]
    [InlineData("q3_K", 16, 0.1)]
    [InlineData("q2_K", 16, 0.2)]
    [InlineData("iq4_nl", 32, 0.02)]
    [InlineData("iq4_xs", 256, 0.02)]
    [InlineData("iq3_s", 256, 0.1)]
    public void Importance_of_zero_for_a_group_says_nothing(string type, int zeros, double bar)
    {
        var random = new Random(5);
        var values = Array.ConvertAll(new float[256 * 8], _ => (float)(random.NextDouble() - 0.5));
        var source = QuantizeRun.Write(_folder, "llama", ("blk.0.attn_v.weight", [256, 8]), values);
        var sums = Array.ConvertAll(new float[256], _ => (float)random.NextDouble());
        sums.AsSpan(32, Math.Min(zeros, 224)).Clear();
        if (zeros == 256) sums.AsSpan().Clear();
        new ImportanceMatrix([new ImportanceEntry("blk.0.attn_v.weight", sums, [1])], ["text"], 1, 64).Save(_folder.File("m.imatrix"));
        var run = Archgen.Run("quantize", source, Out, "Q4_0", "--tensor-type", $"attn_v={type}", "--imatrix", _folder.File("m.imatrix"));
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("blk.0.attn_v.weight: the importance matrix is zero for ", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, Archgen.Run("quantize", Out, _folder.File("back.gguf"), "F32", "--allow-requantize").ExitCode);
        using var back = GgufFile.Open(_folder.File("back.gguf"));
        var found = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(back.Tensors[0].Span);
        for (var row = 0; row < 8; row++)
        {
            var (error, square) = (0.0, 0.0);
            for (var i = (row * 256) + 32; i < (row * 256) + 32 + Math.Min(zeros, 224); i++)
            {
                error += Math.Pow(values[i] - found[i], 2);
                square += Math.Pow(values[i], 2);
            }

            Assert.InRange(error / square, 0, bar);
        }
    }

    private static long Elements(string path)
    {
        using var file = GgufFile.Open(path);
        return file.Tensors.Sum(t => t.ElementCount);
    }

    private Dictionary<string, TensorType> Types(params string[] arguments)
    {
        var run = Archgen.Run(["quantize", model.Path, Out, .. arguments]);
        Assert.True(run.ExitCode == 0, run.Error);
        using var file = GgufFile.Open(Out);
        return file.Tensors.ToDictionary(t => t.Name, t => t.Type);
    }

    /// <summary>The small model in so many parts; the first one's path.</summary>
    private string Parts(int count)
    {
        using var file = GgufFile.Open(model.Path);
        var size = (file.Tensors.Count + count - 1) / count;
        for (var part = 0; part < count; part++)
        {
            var path = GgufSplit.PartPath(_folder.File("parts.gguf"), part, count);
            var writer = new GgufWriter(GgufSplit.PartMetadata(file.Metadata, part, count, file.Tensors.Count));
            foreach (var tensor in file.Tensors.Skip(part * size).Take(size)) writer.Add(tensor);
            writer.Save(path);
        }

        return GgufSplit.PartPath(_folder.File("parts.gguf"), 0, count);
    }
}

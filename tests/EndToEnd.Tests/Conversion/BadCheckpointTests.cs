using System.Text;
using System.Text.Json.Nodes;
using ArchGen.Architectures;
using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Tools.Conversion;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>A checkpoint that cannot be converted: one message, exit code 1, and the file that was there stays as it was.</summary>
public sealed class BadCheckpointTests
{
    private const string Weights = "model.safetensors", Index = "model.safetensors.index.json";

    public static TheoryData<string> Faults => [.. Cases.Keys.Order(StringComparer.Ordinal)];

    private static Dictionary<string, (string Fixture, Action<CheckpointFolder> Damage, string Message)> Cases { get; } = new(StringComparer.Ordinal)
    {
        ["a shard missing"] = ("llama-sharded", f => File.Delete(f.File("model-00001-of-00003.safetensors")), "1 file not there"),
        ["an index that names a missing tensor"] = ("llama-sharded", f => Edit(f, Index, "model.norm.weight", "model.nrm.weight"), "not in the file it names"),
        ["truncated safetensors"] = ("llama-mha", f => Cut(f.File(Weights), 0.5), "but there are only"),
        ["a header longer than the file"] = ("llama-mha", f => Cut(f.File(Weights), 0.001), "the header has"),
        ["overlapping offsets"] = ("llama-mha", f => Overlap(f.File(Weights)), "expected"),
        ["an unknown dtype"] = ("llama-mha", f => Edit(f, Weights, "\"F16\"", "\"Q16\""), "has the dtype"),
        ["a wrong shape"] = ("llama-mha", f => Config(f, "intermediate_size", 96), "is declared as [Ff, Embd] = [96, 64], found [128, 64]"),
        ["a tensor missing"] = ("llama-mha", f => Edit(f, Weights, "model.norm.weight", "model.nrom.weight"), "(the checkpoint has model.nrom.weight)"),
        ["a wrong prefix"] =
            ("qwen3", f => Edit(f, Weights, "model.layers.", "trunk.layers."), "\n  renamed    model.layers.{i}.* is trunk.layers.{i}.* here: "),
        ["no output, and no tie declared"] = ("dbrx",
            f =>
            {
                Edit(f, Weights, "lm_head.weight", "nothing.at_all");
                Config(f, "tie_word_embeddings", true);
            },
            "; the config ties it to the embedding: declare it with TiedTo = nameof(TokenEmbd)"),
        ["a class not declared"] = ("llama-mha", f => Config(f, "architectures", new JsonArray("LlamaForCasualLM")), "the nearest that is: LlamaForCausalLM"),
        ["a key that nobody knows"] = ("llama-mha", f => Config(f, "rope_twist", 3), "rope_twist = 3 is not known"),
        ["no heads"] = ("falcon-40b", f => Config(f, "num_kv_heads", 0), "a hyper-parameter is zero or too large"),
        ["another activation"] = ("llama-mha", f => Config(f, "hidden_act", "gelu"), "hidden_act is gelu, but this architecture computes silu"),
        ["an unknown rotary scaling"] = ("llama-linear", f => Edit(f, "config.json", "\"linear\"", "\"spiral\""), "has the type 'spiral'"),
        ["a fraction for a whole number"] =
            ("qwen3moe", f => Config(f, "num_experts_per_tok", 0.4), "num_experts_per_tok is 0.4, but qwen3moe.expert_used_count is declared as int"),
        ["true for a whole number"] =
            ("qwen3moe", f => Config(f, "num_experts_per_tok", true), "num_experts_per_tok is true, but qwen3moe.expert_used_count is declared as int"),
        ["a number for true or false"] =
            ("stablelm", f => Config(f, "use_parallel_residual", 1), "use_parallel_residual is 1, but stablelm.use_parallel_residual is declared as bool"),
        ["a number that no f32 holds"] = ("llama-mha", f => Config(f, "rope_theta", 1e39), "is declared as float"),
        ["no tokenizer"] = ("qwen3", f => File.Delete(f.File("tokenizer.json")), "tokenizer"),
        ["a broken tokenizer"] = ("qwen3", f => File.WriteAllText(f.File("tokenizer.json"), "{\"model\": 3}"), "tokenizer.json"),
        ["an unknown pre-tokenizer"] = ("qwen3", f => Edit(f, "tokenizer.json", "{1,3}", "{1,9}", "\\\\p{N}|", "\\\\p{N}{7}|"), "--pre"),
        ["a config that is no JSON"] = ("qwen3", f => File.WriteAllText(f.File("config.json"), "{"), "not JSON"),
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void One_message_and_no_file(string fault)
    {
        var (name, damage, message) = Cases[fault];
        using var checkpoint = new CheckpointFolder(name);
        damage(checkpoint);
        var target = checkpoint.File("out.gguf");
        var run = Archgen.Run("convert", checkpoint.Path, "--outfile", target);
        Assert.Equal(1, run.ExitCode);
        Assert.True(run.Error.Contains(message, StringComparison.Ordinal), run.Error);
        Assert.StartsWith("archgen: ", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(target));

        File.WriteAllText(target, "the old one");
        Assert.Equal(1, Archgen.Run("convert", checkpoint.Path, "--outfile", target).ExitCode);
        Assert.Equal("the old one", File.ReadAllText(target));
        Assert.DoesNotContain(Directory.GetFiles(checkpoint.Path), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    /// <summary>One wrong prefix is one line, whatever the number of layers, and so is one tensor that no layer has.</summary>
    [Theory]
    [InlineData("model.layers.", "trunk.layers.", "renamed    model.layers.{i}.* is trunk.layers.{i}.* here: ")]
    [InlineData(".self_attn.", ".attention.", "renamed    model.layers.{i}.self_attn.* is model.layers.{i}.attention.* here: ")]
    public void A_wrong_prefix_is_one_line(string right, string wrong, string line)
    {
        using var checkpoint = new CheckpointFolder("qwen3");
        Edit(checkpoint, Weights, right, wrong);
        var lines = Archgen.Run("convert", checkpoint.Path, "--dry-run").Error.TrimEnd().Split('\n');
        Assert.True(lines.Length == 3, string.Join((char)10, lines));
        Assert.StartsWith("  " + line, lines[1], StringComparison.Ordinal);
        Assert.Matches(@": \d+ tensors, for example model\.layers\.0\.[a-z_.]+ is [a-z]+\.layers\.0\.[a-z_.]+\. Correct the Hf that names it$", lines[1]);
    }

    [Fact]
    public void A_key_that_the_user_answers_for_passes()
    {
        using var checkpoint = new CheckpointFolder("llama-mha");
        Config(checkpoint, "rope_twist", 3);
        var run = Archgen.Run("convert", checkpoint.Path, "--outfile", checkpoint.File("out.gguf"), "--ignore-config", "rope_twist");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("rope_twist is ignored as you asked", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelled_work_leaves_nothing()
    {
        using var folder = new CheckpointFolder("llama-mha");
        using var checkpoint = Checkpoint.Open(folder.Path);
        var plan = ConversionPlan.Create(checkpoint, Catalog.All, new ConversionOptions());
        var target = folder.File("out.gguf");
        Assert.ThrowsAny<OperationCanceledException>(() => ConvertedFile.Write(plan, target, null, 2, null, new CancellationToken(canceled: true)));
        Assert.DoesNotContain(Directory.GetFiles(folder.Path), f => Path.GetFileName(f).StartsWith("out", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        using var checkpoint = new CheckpointFolder("llama-mha");
        var run = Archgen.Run("convert", checkpoint.Path, "--outfile", checkpoint.File("no/out.gguf"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("does not exist", run.Error, StringComparison.Ordinal);
    }

    private static void Cut(string path, double share)
    {
        using var file = File.OpenWrite(path);
        file.SetLength((long)(file.Length * share));
    }

    private static void Edit(CheckpointFolder folder, string file, params string[] changes)
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(folder.File(file)));
        var changed = text;
        for (var i = 0; i < changes.Length; i += 2) changed = changed.Replace(changes[i], changes[i + 1], StringComparison.Ordinal);
        Assert.NotEqual(text, changed);
        File.WriteAllBytes(folder.File(file), Encoding.Latin1.GetBytes(changed));
    }

    private static void Config(CheckpointFolder folder, string key, JsonNode value)
    {
        var config = JsonNode.Parse(File.ReadAllText(folder.File("config.json")))!;
        config[key] = value;
        File.WriteAllText(folder.File("config.json"), config.ToJsonString());
    }

    /// <summary>The second tensor's data begins where the first one's does.</summary>
    private static void Overlap(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var length = (int)BitConverter.ToUInt64(bytes);
        var header = JsonNode.Parse(Encoding.UTF8.GetString(bytes, 8, length))!.AsObject();
        var tensors = header.Where(t => t.Key != "__metadata__").OrderBy(t => (long)t.Value!["data_offsets"]![0]!).ToList();
        tensors[1].Value!["data_offsets"]![0] = 0;
        File.WriteAllBytes(path, SafetensorsBytes.Of(header.ToJsonString(), bytes[(8 + length)..]));
    }
}

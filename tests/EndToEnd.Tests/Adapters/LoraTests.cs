using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.EndToEnd.Tests.Adapters;

/// <summary>PEFT adapters, converted, applied and merged by the commands, against llama.cpp's converter and what PEFT computes.</summary>
public sealed class LoraTests
{
    private const double Bar = 1e-8;

    public static TheoryData<string> All =>
        [.. Directory.GetDirectories(SharedFixtures.Local("conversion"), "lora-*").Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(All))]
    public void The_file_is_that_of_the_reference(string name)
    {
        using var adapter = new Adapted(name);
        var expected = adapter.Folder.ReadExpected();
        using var file = GgufFile.Open(adapter.Convert());
        foreach (var row in expected.GetProperty("metadata").EnumerateArray().Where(row => row[0].GetString() != "general.name"))
        {
            Assert.True(file.Metadata.TryGet(row[0].GetString()!, out var value), row[0].GetString());
            var wantedValue = row[2].ToString();
            var number = value.Type == GgufValueType.String ? "" : value.AsDouble().ToString("0.0###", System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(wantedValue, value.Type == GgufValueType.String ? value.AsString() : number.Replace(".0", wantedValue.Contains('.') ? ".0" : ""));
        }

        Assert.Equal(expected.GetProperty("metadata").GetArrayLength(), file.Metadata.Count());
        string[] wanted = [.. expected.GetProperty("tensors").GetProperty("f32").EnumerateArray()
            .Select(r => $"{r[0]} {r[1]} [{string.Join(", ", r[2].EnumerateArray())}] {r[3]}").Order(StringComparer.Ordinal)];
        Assert.Equal(wanted,
            file.Tensors.Select(t => $"{t.Name} {t.Type.Name.ToUpperInvariant()} [{string.Join(", ", t.Dimensions)}] {Hash(t)}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_file_of_the_base_serves_as_well_as_its_checkpoint(string name)
    {
        using var adapter = new Adapted(name);
        Assert.Equal(File.ReadAllBytes(adapter.Convert()), File.ReadAllBytes(adapter.Convert(adapter.Model)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Applied_at_run_time_logits_are_the_authors(string name)
    {
        using var adapter = new Adapted(name);
        var file = adapter.Convert();
        foreach (var options in new string[][] { [], ["--ubatch", "7"], ["--eager"], ["--tier", "portable"] })
        {
            var error = adapter.Error([.. options, "--lora", file]);
            Assert.True(error <= Bar, $"{name} {string.Join(' ', options)}: NMSE {error:E2}");
        }

        // Scales add up: half of it twice is all of it.
        Assert.InRange(adapter.Error(["--lora", $"{file}:0.5", "--lora", $"{file}:0.5"]), 0, Bar);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Merged_logits_are_the_authors(string name)
    {
        using var adapter = new Adapted(name);
        var merged = adapter.Folder.File("merged.gguf");
        var run = Archgen.Run("merge-lora", adapter.Model, "--lora", adapter.Convert(), "--outfile", merged);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.InRange(adapter.Error([], merged), 0, Bar);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_left_out_is_noticed(string name)
    {
        using var adapter = new Adapted(name);
        var file = adapter.Convert();
        Assert.True(adapter.Error([]) > 0.1, "without the adapter");
        Assert.True(adapter.Error(["--lora", $"{file}:0.9"]) > 1e-4, "another scale");
        using var opened = GgufFile.Open(file);
        foreach (var pair in opened.Tensors.Select(t => t.Name[..^".lora_a".Length]).Distinct())
            Assert.True(adapter.Error(["--lora", Without(opened, pair, adapter.Folder.File("less.gguf"))]) > 1e-6, $"without {pair}");
    }

    [Fact]
    public void Rank_stabilized_adapters_scale_by_the_root_of_the_rank()
    {
        using var adapter = new Adapted("lora-llama-mha");
        var plain = adapter.Convert();
        adapter.Configure(config => config["use_rslora"] = true);
        var run = Archgen.Run("convert-lora", adapter.Folder.Path, "--base", adapter.Model, "--outfile", adapter.Folder.File("stabilized.gguf"));
        Assert.Contains("adapter.lora.alpha = 16 in place of 8", run.Error);
        var expected = adapter.Logits(["--lora", $"{plain}:2"]);
        Assert.InRange(ArchitectureFixture.NormalizedError(expected, adapter.Logits(["--lora", adapter.Folder.File("stabilized.gguf")])), 0, 1e-12);
    }

    [Fact]
    public void A_module_may_have_an_alpha_of_its_own()
    {
        using var adapter = new Adapted("lora-llama-mha");
        var plain = adapter.Convert();
        adapter.Configure(config => config["alpha_pattern"] = new JsonObject { ["q_proj"] = 4 });
        var file = adapter.Folder.File("pattern.gguf");
        var run = Archgen.Run("convert-lora", adapter.Folder.Path, "--base", adapter.Model, "--outfile", file);
        Assert.Contains("B carries the rest", run.Error);
        using GgufFile before = GgufFile.Open(plain), after = GgufFile.Open(file);
        foreach (var tensor in before.Tensors)
        {
            Assert.True(after.TryGetTensor(tensor.Name, out var found));
            Assert.Equal(Values(tensor).Select(v => tensor.Name.EndsWith("attn_q.weight.lora_b", StringComparison.Ordinal) ? v / 2 : v), Values(found));
        }
    }

    [Theory]
    [InlineData("use_dora", "true", "DoRA")]
    [InlineData("bias", "\"all\"", "biases are trained")]
    [InlineData("modules_to_save", "[\"lm_head\"]", "whole modules")]
    [InlineData("init_lora_weights", "\"pissa\"", "the base was changed")]
    [InlineData("peft_type", "\"IA3\"", "expected LORA")]
    [InlineData("lora_alpha", "null", "scales the adapter")]
    [InlineData("some_new_key", "3", "--ignore-config some_new_key")]
    public void A_configuration_that_needs_more_is_refused(string key, string value, string message)
    {
        using var adapter = new Adapted("lora-llama-mha");
        adapter.Configure(config => config[key] = JsonNode.Parse(value));
        var run = Archgen.Run("convert-lora", adapter.Folder.Path, "--base", adapter.Model, "--outfile", adapter.Folder.File("bad.gguf"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error);
        Assert.False(File.Exists(adapter.Folder.File("bad.gguf")));
    }

    [Fact]
    public void An_adapter_of_a_tied_head_is_told_so()
    {
        using CheckpointFolder adapter = new("lora-llama-mha"), tied = new("llama-tied-spm");
        var config = JsonNode.Parse(File.ReadAllText(tied.File("config.json")))!;
        long width = (long)config["hidden_size"]!, vocabulary = (long)config["vocab_size"]!;
        File.WriteAllBytes(adapter.File("adapter_model.safetensors"), SafetensorsBytes.Of(
        [
            ("base_model.model.lm_head.lora_A.weight", [4, width], new float[4 * width]),
            ("base_model.model.lm_head.lora_B.weight", [vocabulary, 4], new float[4 * vocabulary]),
            ("base_model.model.model.layers.0.self_attn.k_prj.lora_A.weight", [4, width], new float[4 * width]),
            ("base_model.model.model.layers.0.self_attn.k_prj.lora_B.weight", [width, 4], new float[4 * width]),
        ]));
        var run = Archgen.Run("convert-lora", adapter.Path, "--base", tied.Path, "--outfile", adapter.File("bad.gguf"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("lm_head is tied to the embedding table", run.Error);
        Assert.Contains("k_prj is no matrix of llama; the nearest is model.layers.{i}.self_attn.k_proj", run.Error);
    }

    [Fact]
    public void An_adapter_of_another_model_is_refused_when_converted_and_when_applied()
    {
        using Adapted llama = new("lora-llama-mha"), qwen = new("lora-qwen2");
        var run = Archgen.Run("convert-lora", llama.Folder.Path, "--base", qwen.Model, "--outfile", llama.Folder.File("bad.gguf"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("does not fit qwen2", run.Error);
        run = Archgen.Run("logits", qwen.Model, "--tokens", "1", "--output", qwen.Folder.File("x"), "--lora", llama.Convert());
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("general.architecture is \"llama\", expected \"qwen2\"", run.Error);
        run = Archgen.Run("logits", qwen.Model, "--tokens", "1", "--output", qwen.Folder.File("x"), "--lora", qwen.Model);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("expected \"adapter\"", run.Error);
    }

    private static string Without(GgufFile file, string tensor, string path)
    {
        var writer = new GgufWriter(file.Metadata);
        foreach (var other in file.Tensors.Where(t => !t.Name.StartsWith(tensor + ".", StringComparison.Ordinal))) writer.Add(other);
        writer.Save(path);
        return path;
    }

    private static string Hash(GgufTensor tensor) => Convert.ToHexStringLower(SHA256.HashData(tensor.Slice(0, (int)tensor.ByteLength)))[..16];

    private static float[] Values(GgufTensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.Slice(0, (int)tensor.ByteLength)).ToArray();
}

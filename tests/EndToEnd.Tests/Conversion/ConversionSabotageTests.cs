using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Tools.Conversion;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>
/// Whether the comparison with the reference sees a source of a key that is left out: without it the plan fails, or its keys are others. For each
/// fixture, each source that its config has.
/// </summary>
public sealed class ConversionSabotageTests
{
    public static TheoryData<string> All => ConversionTests.All;

    [Theory]
    [MemberData(nameof(All))]
    public void A_source_that_is_left_out_is_noticed(string name)
    {
        using var fixture = new CheckpointFolder(name);
        using var checkpoint = Checkpoint.Open(fixture.Path);
        var whole = ConversionPlan.Create(checkpoint, Catalog.All, Options);
        var architecture = whole.Architecture;
        var unnoticed = new List<string>();
        var hasScaling = new[] { "rope_scaling", "rope_parameters" }.Any(k => checkpoint.Config.TryGetProperty(k, out var scope)
            && scope.ValueKind == System.Text.Json.JsonValueKind.Object
            && !scope.GetRawText().Contains("\"default\"", StringComparison.Ordinal));
        // A source for the class itself goes before that of all.
        var applied = architecture.Conversion.Keys.Where(k => k.For == whole.Class
            || (k.For is null && !architecture.Conversion.Keys.Any(o => o.Key == k.Key && o.For == whole.Class)));
        foreach (var key in applied)
        {
            var written = key.Key == "rope.scaling" ? hasScaling : whole.Metadata.ContainsKey($"{architecture.Name}.{key.Key}");
            if (!written) continue;
            var without = architecture.Conversion with { Keys = [.. architecture.Conversion.Keys.Where(k => k != key)] };
            if (IsSame(whole, checkpoint, architecture, without)) unnoticed.Add(key.Key);
        }

        Assert.True(unnoticed.Count == 0, $"{name}: {string.Join(", ", unnoticed)}");
    }

    private static ConversionOptions Options => new() { Type = TensorType.F32 };

    private static bool IsSame(ConversionPlan whole, Checkpoint checkpoint, ArchitectureInfo architecture, ConversionInfo conversion)
    {
        var changed = new ArchitectureInfo(
            architecture.Name, architecture.Summary, architecture.HuggingFaceClasses, () => architecture.Tensors, architecture.Description, () => [],
            () => conversion, architecture.Create)
        {
            // As it is: without it the keys of llama.cpp's converter would be added again.
            Conversion = conversion,
        };
        try
        {
            var plan = ConversionPlan.Create(checkpoint, [changed], Options);
            return plan.Metadata.Select(m => (m.Key, Text(m.Value))).SequenceEqual(whole.Metadata.Select(m => (m.Key, Text(m.Value))))
                && plan.Tensors.Select(t => t.Name).SequenceEqual(whole.Tensors.Select(t => t.Name));
        }
        catch (ArchGenException)
        {
            return false;
        }
    }

    private static string Text(GgufValue value) => value.IsArray ? $"{value.Count}" : value.Type switch
    {
        GgufValueType.String => value.AsString(),
        GgufValueType.Bool => value.AsBool().ToString(),
        _ => value.AsDouble().ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>A checkpoint's tensors without any declared change, or in the other order of rotary pairs, are not those of the reference.</summary>
    [Theory]
    [InlineData("llama-mha", "blk.0.attn_q.weight")]
    [InlineData("llama-biases", "blk.0.attn_k.bias")]
    [InlineData("gemma2", "blk.0.attn_norm.weight")]
    [InlineData("gpt2", "blk.0.attn_qkv.weight")]
    [InlineData("bloom", "blk.0.attn_qkv.weight")]
    [InlineData("falcon-40b", "blk.0.attn_qkv.weight")]
    [InlineData("gptneox", "blk.0.attn_qkv.bias")]
    [InlineData("baichuan", "blk.0.attn_k.weight")]
    [InlineData("internlm2", "blk.0.attn_q.weight")]
    [InlineData("refact", "blk.0.ffn_up.weight")]
    [InlineData("dbrx", "blk.0.ffn_down_exps.weight")]
    [InlineData("deepseek2-q", "blk.0.attn_k_b.weight")]
    [InlineData("deepseek2-q", "blk.0.attn_v_b.weight")]
    [InlineData("mamba2", "blk.0.ssm_a")]
    [InlineData("qwen3next", "blk.0.attn_gate.weight")]
    [InlineData("qwen3next", "blk.0.attn_qkv.weight")]
    [InlineData("gpt-oss", "blk.0.ffn_gate_exps.weight")]
    [InlineData("xlm-roberta", "position_embd.weight")]
    [InlineData("mixtral", "blk.0.ffn_gate_exps.weight")]
    public void A_change_that_is_left_out_is_noticed(string name, string tensor)
    {
        using var fixture = new CheckpointFolder(name);
        using var checkpoint = Checkpoint.Open(fixture.Path);
        var plan = ConversionPlan.Create(checkpoint, Catalog.All, Options);
        var converted = plan.Tensors.Single(t => t.Name == tensor);
        Assert.NotEmpty(converted.Weights.Steps);
        Assert.True(checkpoint.TryGetTensor(converted.Weights.Sources.First(), out var source));
        float[] raw = new float[source.ElementCount], made = new float[converted.Weights.ElementCount];
        source.Read(0, raw);
        converted.Weights.Read(0, made);
        Assert.False(raw.AsSpan().SequenceEqual(made), $"{tensor} is as it is in the checkpoint");
    }
}

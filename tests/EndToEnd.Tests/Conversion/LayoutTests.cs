using System.Text.Json;
using System.Text.Json.Nodes;
using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Tools.Conversion;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>The layouts in which the checkpoints of a class are published, beside the one that its fixture has: they convert to the same.</summary>
public sealed class LayoutTests
{
    private static readonly string[] Matrices = ["mlp.experts.gate_up_proj", "mlp.experts.down_proj"];

    /// <summary>Before transformers 4.52, and since.</summary>
    [Theory]
    [InlineData("language_model.model.", "vision_tower.", "multi_modal_projector.")]
    [InlineData("model.language_model.", "model.vision_tower.", "model.multi_modal_projector.")]
    public void A_text_model_beside_a_vision_tower(string text, string vision, string projector)
    {
        using var folder = new CheckpointFolder("gemma3");
        var expected = PlanDigest.Of(folder).Replace("model.", "", StringComparison.Ordinal);
        var tensors = Tensors(folder).Select(t => (text + t.Name["model.".Length..], t.Shape, t.Values))
            .Append((vision + "vision_model.embeddings.patch_embedding.bias", [4L], new float[4]))
            .Append((projector + "mm_soft_emb_norm.weight", [4L], new float[4]));
        Write(folder, tensors);
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray("Gemma3ForConditionalGeneration"),
            ["model_type"] = "gemma3",
            ["text_config"] = PlanDigest.ConfigOf(folder),
            ["mm_tokens_per_image"] = 256,
            ["image_token_index"] = 262144,
            ["boi_token_index"] = 255999,
            ["eoi_token_index"] = 256000,
            ["eos_token_id"] = new JsonArray(1, 106),
            ["vision_config"] = new JsonObject { ["hidden_size"] = 32, ["model_type"] = "siglip_vision_model", ["vision_use_head"] = false },
        };
        Assert.Equal(expected, PlanDigest.Of(folder, config).Replace(text, "", StringComparison.Ordinal));

        // The keys that are not there have the text model's defaults, and unknown ones are told with their place.
        config["text_config"]!.AsObject().Remove("rope_theta");
        Assert.Equal(expected, PlanDigest.Of(folder, config).Replace(text, "", StringComparison.Ordinal));
        config["text_config"]!["rope_twist"] = 3;
        Assert.Contains("text_config.rope_twist = 3 is not known", PlanDigest.Of(folder, config), StringComparison.Ordinal);
    }

    /// <summary>gpt-oss in bf16: [experts, in, out], the columns of gate and up by turns; in MXFP4 they are rows.</summary>
    [Fact]
    public void Experts_of_gpt_oss_that_are_not_quantized()
    {
        using var folder = new CheckpointFolder("gpt-oss");
        var expected = Values(folder);
        Write(folder, Tensors(folder).Select(t => Matrices.Any(name => t.Name.EndsWith(name, StringComparison.Ordinal))
            ? (t.Name, [t.Shape[0], t.Shape[2], t.Shape[1]], Transposed(t))
            : t));
        var config = PlanDigest.ConfigOf(folder);
        config.Remove("quantization_config");
        File.WriteAllText(folder.File("config.json"), config.ToJsonString());
        var found = Values(folder);
        Assert.Equal(expected.Select(t => t.Name), found.Select(t => t.Name));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Values, pair.Second.Values));
    }

    /// <summary>params.json of Llama 2's smaller models names no key heads.</summary>
    [Fact]
    public void Parameters_without_key_heads()
    {
        using var folder = new CheckpointFolder("llama-pth");
        var parameters = JsonNode.Parse(File.ReadAllText(folder.File("params.json")))!.AsObject();
        parameters.Remove("n_kv_heads");
        parameters["n_heads"] = 2;
        parameters["dim"] = 64;
        File.WriteAllText(folder.File("params.json"), parameters.ToJsonString());
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(2, checkpoint.Config.GetProperty("num_key_value_heads").GetInt32());
    }

    private static List<(string Name, long[] Shape, float[] Values)> Tensors(CheckpointFolder folder)
    {
        using var checkpoint = Checkpoint.Open(folder.Path);
        return [.. checkpoint.Tensors.Select(t =>
        {
            var values = new float[t.ElementCount];
            t.Read(0, values);
            return (t.Name, t.Shape.ToArray(), values);
        })];
    }

    private static float[] Transposed((string Name, long[] Shape, float[] Values) tensor)
    {
        var (rows, columns) = ((int)tensor.Shape[1], (int)tensor.Shape[2]);
        var values = new float[tensor.Values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = tensor.Values[(i / (rows * columns) * rows * columns) + (i % rows * columns) + (i / rows % columns)];
        }

        return values;
    }

    private static void Write(CheckpointFolder folder, IEnumerable<(string Name, long[] Shape, float[] Values)> tensors) =>
        File.WriteAllBytes(folder.File("model.safetensors"), SafetensorsBytes.Of(tensors.ToList()));

    private static List<(string Name, float[] Values)> Values(CheckpointFolder folder)
    {
        using var checkpoint = Checkpoint.Open(folder.Path);
        var plan = ConversionPlan.Create(checkpoint, Catalog.All, new ConversionOptions { Type = TensorType.F32 });
        return [.. plan.Tensors.Select(t =>
        {
            var values = new float[t.Weights.ElementCount];
            t.Weights.Read(0, values);
            return (t.Name, values);
        })];
    }
}

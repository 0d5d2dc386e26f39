using System.Text.Json;
using System.Text.RegularExpressions;

namespace ArchGen.Gguf.Checkpoints.Meta;

/// <summary>
/// Llama as Meta published it: consolidated.NN.pth and params.json. Its names and keys are translated to Hugging Face's, with the class of Meta's code;
/// parts are joined along the dimension that they divide.
/// </summary>
internal static partial class MetaFormat
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["tok_embeddings"] = "model.embed_tokens",
        ["norm"] = "model.norm",
        ["output"] = "lm_head",
        ["attention.wq"] = "self_attn.q_proj",
        ["attention.wk"] = "self_attn.k_proj",
        ["attention.wv"] = "self_attn.v_proj",
        ["attention.wo"] = "self_attn.o_proj",
        ["attention_norm"] = "input_layernorm",
        ["ffn_norm"] = "post_attention_layernorm",
        ["feed_forward.w1"] = "mlp.gate_proj",
        ["feed_forward.w2"] = "mlp.down_proj",
        ["feed_forward.w3"] = "mlp.up_proj",
    };

    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["dim"] = "hidden_size",
        ["n_layers"] = "num_hidden_layers",
        ["n_heads"] = "num_attention_heads",
        ["n_kv_heads"] = "num_key_value_heads",
        ["norm_eps"] = "rms_norm_eps",
        ["rope_theta"] = "rope_theta",
        ["max_seq_len"] = "max_position_embeddings",
    };

    // They state the rule for the width of the feed-forward network; the matrices have the width itself.
    private static readonly string[] Implied = ["multiple_of", "ffn_dim_multiplier", "vocab_size", "max_batch_size"];

    /// <summary>The tensors of all parts, joined, under Hugging Face's names.</summary>
    public static IReadOnlyList<CheckpointTensor> Join(IReadOnlyList<WeightFile> parts)
    {
        var tensors = new List<CheckpointTensor>();
        foreach (var first in parts[0].Tensors.Where(t => t.Name != "rope.freqs"))
        {
            var same = parts.Select(p => p.Tensors.FirstOrDefault(t => t.Name == first.Name)
                ?? throw new ModelFileException($"{p.Path}: {first.Name} is not there, but in {first.Place}. The parts are not of one model; "
                    + "download them again.")).ToList();
            var byColumns = first.Name is "tok_embeddings.weight"
                || first.Name.EndsWith(".wo.weight", StringComparison.Ordinal) || first.Name.EndsWith(".w2.weight", StringComparison.Ordinal);
            tensors.Add(new JoinedParts(Name(first.Name), first.Shape.Count < 2 ? [first] : same, byColumns));
        }

        return tensors;
    }

    /// <summary>config.json as Hugging Face would have it.</summary>
    public static JsonElement Config(JsonElement parameters, IReadOnlyList<CheckpointTensor> tensors)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("architectures");
            json.WriteStringValue("Transformer");
            json.WriteEndArray();
            foreach (var parameter in parameters.EnumerateObject().Where(p => !Implied.Contains(p.Name)))
            {
                json.WritePropertyName(Keys.GetValueOrDefault(parameter.Name, parameter.Name));
                parameter.Value.WriteTo(json);
            }

            // Llama 1 and the smaller models of Llama 2 have a key head for each query head.
            if (!parameters.TryGetProperty("n_kv_heads", out _) && parameters.TryGetProperty("n_heads", out var heads))
            {
                json.WritePropertyName("num_key_value_heads");
                heads.WriteTo(json);
            }

            Size("vocab_size", "model.embed_tokens.weight");
            Size("intermediate_size", "model.layers.0.mlp.gate_proj.weight");
            // Llama 2 has this epsilon and was trained on 4096 positions; Llama 1 on 2048.
            if (!parameters.TryGetProperty("max_seq_len", out _))
            {
                var isLlama2 = parameters.TryGetProperty("norm_eps", out var epsilon)
                    && epsilon.ValueKind == JsonValueKind.Number && epsilon.GetDouble() == 1e-5;
                json.WriteNumber("max_position_embeddings", isLlama2 ? 4096 : 2048);
            }

            json.WriteEndObject();

            void Size(string key, string tensor)
            {
                if (tensors.FirstOrDefault(t => t.Name == tensor) is { } found) json.WriteNumber(key, found.Shape[0]);
            }
        }

        return JsonElement.Parse(stream.ToArray());
    }

    private static string Name(string name)
    {
        var layer = LayerName().Match(name);
        var (prefix, rest) = layer.Success ? ($"model.layers.{layer.Groups[1].Value}.", layer.Groups[2].Value) : ("", name);
        var module = rest.EndsWith(".weight", StringComparison.Ordinal) ? rest[..^".weight".Length] : rest;
        return Names.TryGetValue(module, out var known) ? $"{prefix}{known}.weight" : name;
    }

    [GeneratedRegex(@"^layers\.(\d+)\.(.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex LayerName();
}

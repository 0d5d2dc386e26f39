using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Recipes;

namespace ArchGen.EndToEnd.Tests.Authors;

/// <summary>
/// A small Hugging Face checkpoint seen as a model file: its tensors under the names that the declaration gives them, laid out as the file format
/// has them. Keys are those that llama.cpp's converter writes for it.
/// </summary>
internal sealed class Checkpoint : IModelSource
{
    private readonly Dictionary<string, (string[] Parts, Func<float[], long[], (float[] Values, long[] Dims)> Layout)> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _rows;
    private readonly Dictionary<string, object> _keys;
    private readonly JsonElement _recipe;
    private readonly ulong _seed;

    public Checkpoint(string name)
    {
        FileName = name;
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedFixtures.Local($"checkpoints/{name}.json")));
        _recipe = document.RootElement.Clone();
        Expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(SharedFixtures.Local($"checkpoints/{name}.logits.f32")).AsSpan()).ToArray();
        _seed = _recipe.GetProperty("seed").GetUInt64();
        _rows = _recipe.GetProperty("tensors").EnumerateArray().ToDictionary(r => r[0].GetString()!, StringComparer.Ordinal);
        _keys = _recipe.GetProperty("metadata").EnumerateArray().ToDictionary(m => m[0].GetString()!, m => Key(m[1].GetString()!, m[2]), StringComparer.Ordinal);
        Architecture = Catalog.All.Single(a => a.HuggingFaceClasses.Contains(_recipe.GetProperty("class").GetString()));
        foreach (var tensor in Architecture.Tensors) AddMatches(tensor);
        Split();
        SplitExperts();
        if (_recipe.TryGetProperty("computed", out var computed))
        {
            foreach (var given in computed.EnumerateObject()) Given[given.Name] = [.. given.Value.GetProperty("values").EnumerateArray().Select(v => v.GetSingle())];
        }
    }

    public ArchitectureInfo Architecture { get; }

    public float[] Expected { get; }

    public int[] Tokens => [.. _recipe.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32())];

    public int[]? DecoderTokens => _recipe.GetProperty("decoder_tokens") is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(t => t.GetInt32())] : null;

    /// <summary>The author's embedding of the tokens, not normalised.</summary>
    public float[] Pooled => [.. _recipe.GetProperty("pooled").EnumerateArray().Select(v => v.GetSingle())];

    public string FileName { get; }

    public IReadOnlyList<string> TensorNames => [.. _tensors.Keys, .. Given.Keys];

    /// <summary>Tensors of the checkpoint that no declared name accounts for.</summary>
    public IEnumerable<string> Unaccounted => _rows.Keys.Except(_tensors.Values.SelectMany(t => t.Parts), StringComparer.Ordinal);

    private Dictionary<string, float[]> Given { get; } = new(StringComparer.Ordinal);

    public long[]? FindTensor(string name) => Given.TryGetValue(name, out var given) ? [given.Length] : _tensors.ContainsKey(name) ? Load(name).Dims : null;

    public float[] Read(string tensor) => Given.TryGetValue(tensor, out var given) ? given : Load(tensor).Values;

    public object? FindKey(string key) => _keys.GetValueOrDefault(key);

    public int? FindArrayLength(string key) => FindKey(key) is Array array ? array.Length : null;

    /// <summary>Writes it as a model file, in f32 but for MXFP4 experts, and returns its path.</summary>
    public string WriteGguf(string folder)
    {
        var path = Path.Combine(folder, FileName + ".gguf");
        var metadata = new GgufMetadata(path);
        foreach (var row in _recipe.GetProperty("metadata").EnumerateArray()) metadata[row[0].GetString()!] = Value(row[1].GetString()!, row[2]);
        metadata["tokenizer.ggml.model"] = GgufValue.From("no_vocab");
        var writer = new GgufWriter(metadata);
        foreach (var name in TensorNames)
        {
            var isMxfp4 = _tensors.TryGetValue(name, out var tensor) && tensor.Parts[0].EndsWith("_blocks", StringComparison.Ordinal);
            var values = Read(name);
            long[] sizes = [.. FindTensor(name)!.Reverse()];
            writer.Add(name, isMxfp4 ? TensorType.MXFP4 : TensorType.F32, sizes, isMxfp4 ? Layout.ToMxfp4(values) : MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        }

        writer.Save(path);
        return path;
    }

    private static GgufValue Value(string type, JsonElement value) => type switch
    {
        "str" => GgufValue.From(value.GetString()!),
        "u32" => GgufValue.From(value.GetUInt32()),
        "f32" => GgufValue.From(value.GetSingle()),
        "bool" => GgufValue.From(value.GetBoolean()),
        _ => throw new InvalidDataException($"unknown metadata type: {type}"),
    };

    private static object Key(string type, JsonElement value) => type switch
    {
        "str" => value.GetString()!,
        "bool" => value.GetBoolean(),
        "f32" or "f64" => value.GetDouble(),
        _ when value.ValueKind == JsonValueKind.Array => value.EnumerateArray().Select(v => v.ValueKind is JsonValueKind.True or JsonValueKind.False ? (v.GetBoolean() ? 1 : 0) : (long)v.GetDouble()).ToArray(),
        _ when value.ValueKind == JsonValueKind.Number => value.GetInt64(),
        _ => value.ToString(),
    };

    private void AddMatches(TensorName tensor)
    {
        foreach (var pattern in tensor.HuggingFace)
        {
            var regex = new Regex("^" + Regex.Escape(pattern).Replace(@"\{i}", @"(?<i>\d+)").Replace(@"\{e}", @"(?<e>\d+)") + "$");
            var matches = _rows.Keys.Select(k => regex.Match(k)).Where(m => m.Success);
            foreach (var block in matches.GroupBy(m => m.Groups["i"].Value))
            {
                var name = tensor.Gguf.Replace("{i}", block.Key, StringComparison.Ordinal);
                string[] parts = [.. block.OrderBy(m => m.Groups["e"].Success ? int.Parse(m.Groups["e"].Value) : 0).Select(m => m.Value)];
                _tensors.TryAdd(name, (parts, LayoutOf(name)));
            }
        }
    }

    /// <summary>What the file format changes of a checkpoint's tensor.</summary>
    private Func<float[], long[], (float[] Values, long[] Dims)> LayoutOf(string name)
    {
        var architecture = Architecture.Name;
        if (architecture is "llama" or "smollm3" or "granite" && name.Contains("attn_q.", StringComparison.Ordinal)) return (v, d) => (Layout.PairHalves(v, d, Heads), d);
        if (architecture is "llama" or "smollm3" or "granite" && name.Contains("attn_k.", StringComparison.Ordinal)) return (v, d) => (Layout.PairHalves(v, d, KvHeads), d);
        if (architecture is "gemma" or "gemma2" or "gemma3" && name.Contains("norm", StringComparison.Ordinal)) return (v, d) => (Array.ConvertAll(v, x => x + 1), d);
        if (architecture == "gpt2" && name.StartsWith("blk", StringComparison.Ordinal)) return (v, d) => d.Length == 2 ? (Layout.Transpose(v, (int)d[0], (int)d[1]), [d[1], d[0]]) : (v, d);
        if (architecture is "falcon" or "gptneox" or "bloom" && name.Contains("attn_qkv.", StringComparison.Ordinal)) return (v, d) => (Layout.Ungroup(v, KvHeads, Heads / KvHeads), d);
        // XLM-RoBERTa's positions begin after the padding token's.
        if (architecture == "bert" && name == "position_embd.weight") return (v, d) => (v[^(Int32("context_length") * (int)d[1])..], [Int32("context_length"), d[1]]);
        if (architecture == "dbrx" && name.Contains("_exps", StringComparison.Ordinal)) return (v, d) => Layout.ByExpert(v, d, Int32("expert_count"), isTransposed: name.Contains("down", StringComparison.Ordinal));
        if (architecture == "qwen3next")
        {
            if (name.EndsWith("ssm_a", StringComparison.Ordinal)) return (v, d) => (Array.ConvertAll(v, x => -MathF.Exp(x)), d);
            if (name.EndsWith("ssm_norm.weight", StringComparison.Ordinal)) return (v, d) => (v, d);
            if (name.Contains("norm", StringComparison.Ordinal)) return (v, d) => (Array.ConvertAll(v, x => x + 1), d);
        }

        if (name.EndsWith("ssm_a", StringComparison.Ordinal)) return (v, d) => (Array.ConvertAll(v, x => -MathF.Exp(x)), [d[0], 1]);
        if (name.EndsWith("ssm_d", StringComparison.Ordinal)) return (v, d) => (v, [d[0], 1]);
        if (name.EndsWith("ssm_conv1d.weight", StringComparison.Ordinal)) return (v, d) => (v, [d[0], d[2]]);
        if (name.EndsWith("ssm_norm.weight", StringComparison.Ordinal)) return (v, d) => (v, [Int32("ssm.group_count"), d[0] / Int32("ssm.group_count")]);
        return (v, d) => (v, d);
    }

    /// <summary>Matrices that are one in the checkpoint and several in the file.</summary>
    private void Split()
    {
        if (!_keys.ContainsKey($"{Architecture.Name}.attention.head_count") || Heads == 0) return;
        var (queryRows, keyRows, ff) = (Heads * HeadDim, KvHeads * HeadDim, Int32("feed_forward_length"));
        Divide("self_attn.W_pack", v => v, ("attn_q", queryRows, Heads), ("attn_k", keyRows, KvHeads), ("attn_v", keyRows, 0));
        Divide("attention.wqkv", v => Layout.Ungroup(v, KvHeads, Heads / KvHeads), ("attn_q", queryRows, Heads), ("attn_k", keyRows, KvHeads), ("attn_v", keyRows, 0));
        Divide("attn.kv", v => v, ("attn_k", keyRows, 0), ("attn_v", keyRows, 0));
        if (Architecture.Name == "refact") Divide("mlp.gate_up_proj", v => v, ("ffn_gate", ff, 0), ("ffn_up", ff, 0));
        SplitLatent();
    }

    /// <summary>Gives a matrix's consecutive rows to several tensors; a part with rotated heads gets its pairs as neighbours.</summary>
    private void Divide(string module, Func<float[], float[]> order, params (string Name, int Rows, int RotatedHeads)[] parts)
    {
        var regex = new Regex(@"\.(?<i>\d+)\." + Regex.Escape(module) + @"\.weight$");
        foreach (var match in _rows.Keys.Select(k => regex.Match(k)).Where(m => m.Success).ToList())
        {
            var row = _rows.Keys.Single(k => k.EndsWith(match.Value, StringComparison.Ordinal));
            var start = 0;
            foreach (var (name, rows, rotatedHeads) in parts)
            {
                var first = start;
                start += rows;
                _tensors[$"blk.{match.Groups["i"].Value}.{name}.weight"] = ([row], (v, d) =>
                {
                    var width = (int)d[1];
                    var part = order(v)[(first * width)..((first + rows) * width)];
                    long[] dims = [rows, width];
                    return (rotatedHeads > 0 ? Layout.PairHalves(part, dims, rotatedHeads) : part, dims);
                }
                );
            }
        }
    }

    /// <summary>The latent projection of DeepSeek stands in the file by head, keys and values apart.</summary>
    private void SplitLatent()
    {
        foreach (var (name, tensor) in _tensors.Where(t => t.Key.EndsWith("attn_kv_b.weight", StringComparison.Ordinal)).ToList())
        {
            _tensors.Remove(name);
            int heads = Int32("attention.head_count"), keys = Int32("attention.key_length_mla") - Int32("rope.dimension_count"), values = Int32("attention.value_length_mla");
            _tensors[name.Replace("kv_b", "k_b", StringComparison.Ordinal)] = (tensor.Parts, (v, d) => (Layout.KeysByHead(v, heads, keys, values, (int)d[1]), [heads, d[1], keys]));
            _tensors[name.Replace("kv_b", "v_b", StringComparison.Ordinal)] = (tensor.Parts, (v, d) => (Layout.ValuesByHead(v, heads, keys, values, (int)d[1]), [heads, values, d[1]]));
        }
    }

    /// <summary>The experts of gpt-oss: gate and up are the even and the odd rows of one tensor.</summary>
    private void SplitExperts()
    {
        foreach (var name in _rows.Keys.Where(k => k.EndsWith("mlp.experts.gate_up_proj_blocks", StringComparison.Ordinal)))
        {
            var (module, block) = (name[..^"gate_up_proj_blocks".Length], "blk." + name.Split('.')[2]);
            foreach (var (part, first) in new[] { ("gate", 0), ("up", 1) })
            {
                _tensors[$"{block}.ffn_{part}_exps.weight"] = ([name], (v, d) => (Layout.EverySecondRow(Numbers(v, "gate_up_proj"), first, 32 * (int)d[2]), [d[0], d[1] / 2, 32 * d[2]]));
                _tensors[$"{block}.ffn_{part}_exps.bias"] = ([module + "gate_up_proj_bias"], (v, d) => (Layout.EverySecondRow(v, first, 1), [d[0], d[1] / 2]));
            }

            _tensors[$"{block}.ffn_down_exps.weight"] = ([module + "down_proj_blocks"], (v, d) => (Numbers(v, "down_proj"), [d[0], d[1], 32 * d[2]]));

            float[] Numbers(float[] blocks, string tensor) => Layout.Mxfp4(blocks, Row($"{module}{tensor}_scales").Values);
        }
    }

    private int Heads => Int32("attention.head_count");

    private int KvHeads => _keys.ContainsKey($"{Architecture.Name}.attention.head_count_kv") ? Int32("attention.head_count_kv") : Heads;

    private int HeadDim => Int32("embedding_length") / Heads;

    private int Int32(string key) => (int)(long)_keys[$"{Architecture.Name}.{key}"];

    private (float[] Values, long[] Dims) Load(string name)
    {
        var (parts, layout) = _tensors[name];
        var first = Row(parts[0]);
        if (parts.Length == 1) return layout(first.Values, first.Dims);
        return ([.. parts.SelectMany(p => Row(p).Values)], [parts.Length, .. first.Dims]);
    }

    private (float[] Values, long[] Dims) Row(string name)
    {
        var row = _rows[name];
        long[] dims = [.. row[2].EnumerateArray().Select(d => d.GetInt64())];
        var values = new float[dims.Aggregate(1L, (a, b) => a * b)];
        if (row[3].GetString() == "ones")
        {
            Array.Fill(values, 1);
            return (values, dims);
        }

        var weights = new RandomWeights(name, _seed, row[3].GetString()!, row[4].GetDouble(), row[5].GetDouble());
        for (var i = 0; i < values.Length; i++) values[i] = Layout.Round(weights[i], row[1].GetString()!);
        return (values, dims);
    }
}

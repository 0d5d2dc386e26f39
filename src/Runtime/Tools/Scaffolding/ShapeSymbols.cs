using System.Globalization;
using System.Text.Json;
using ArchGen.Tools.Conversion;

namespace ArchGen.Tools.Scaffolding;

/// <summary>A hyper-parameter that shapes are written with.</summary>
/// <param name="Name">Its name in a declaration.</param>
/// <param name="Key">The key of config.json, or null if it follows from others.</param>
/// <param name="Values">Its value, or one for each layer.</param>
/// <param name="IsUsual">Whether it has a usual name: that of <see cref="DecoderModel"/>, which needs no declaration, or one of experts.</param>
/// <param name="IsRenamed">Whether one that needs no declaration has another key than usual, which the file must say.</param>
/// <param name="FileKey">The key in model files of one that the draft declares; null if it needs no declaration.</param>
public sealed record ShapeSymbol(
    string Name, string? Key, IReadOnlyList<long> Values, bool IsUsual, bool IsRenamed = false, string? FileKey = null)
{
    /// <summary>The value in a layer; -1 is outside of layers. Null where there is none.</summary>
    public long? At(int layer) => Values.Count == 1 ? Values[0] : layer >= 0 && layer < Values.Count ? Values[layer] : null;
}

/// <summary>The whole numbers of a config.json, named as a declaration names them.</summary>
internal sealed class ShapeSymbols
{
    // Names, the usual keys, and other keys of published checkpoints.
    private static readonly (string Name, string Keys, string Others)[] Usual =
    [
        ("Embd", "hidden_size|n_embd|d_model|dim", "model_dim|embed_dim|n_embed"),
        ("Heads", "num_attention_heads|n_head|n_heads|num_heads", "attention_heads"),
        ("KvHeads", "num_key_value_heads", "num_kv_heads|n_kv_heads|n_head_kv|kv_n_heads|num_attention_groups|num_query_groups|multi_query_group_num"),
        ("HeadDim", "head_dim|d_kv", "attention_head_dim|kv_channels"),
        ("Ff", "intermediate_size|n_inner|d_ff|hidden_dim", "ffn_dim|ffn_hidden_size|mlp_dim"),
        ("ExpertFf", "moe_intermediate_size", "expert_intermediate_size|expert_dim"),
        ("ExpertCount", "num_local_experts|num_experts|n_routed_experts", "moe_num_experts"),
        ("ExpertsUsed", "num_experts_per_tok", "moe_k|moe_topk|num_selected_experts|moe_top_k"),
        ("ContextLength", "max_position_embeddings|n_positions|n_ctx|max_seq_len", "max_sequence_length"),
        ("BlockCount", "num_hidden_layers|n_layer|n_layers|num_layers", ""),
    ];

    // DecoderModel has no experts: a draft declares these.
    private static readonly Dictionary<string, string> FileKeys = new(StringComparer.Ordinal)
    {
        ["ExpertCount"] = "expert_count", ["ExpertsUsed"] = "expert_used_count", ["ExpertFf"] = "expert_feed_forward_length",
    };

    // Words of keys that count tokens, layers or steps, and are no width of a tensor.
    private static readonly string[] NoWidths =
        ["chunk", "rotary", "token", "indices", "index", "window", "interval", "every", "layers", "pattern", "max_", "theta", "multiple", "idxs", "step"];

    private readonly Dictionary<string, ShapeSymbol> _byName;

    private ShapeSymbols(IReadOnlyList<ShapeSymbol> all) => (All, _byName) = (all, all.ToDictionary(s => s.Name, StringComparer.Ordinal));

    /// <summary>The usual ones first, then those of the checkpoint's own.</summary>
    public IReadOnlyList<ShapeSymbol> All { get; }

    /// <summary>Keys that each usual name is read from without a word.</summary>
    internal static IEnumerable<(string Name, string Keys)> UsualKeys => Usual.Select(u => (u.Name, u.Keys));

    /// <summary>The experts of a token, by their usual keys: for a checkpoint whose config.json does not have their number.</summary>
    internal static ShapeSymbol ExpertsUsed { get; } =
        new("ExpertsUsed", Usual.Single(u => u.Name == "ExpertsUsed").Keys, [0], IsUsual: true, FileKey: FileKeys["ExpertsUsed"]);

    /// <summary>The symbol of a name; null if there is none.</summary>
    public ShapeSymbol? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads the numbers.</summary>
    /// <param name="config">config.json.</param>
    /// <param name="vocabulary">The rows of the embedding.</param>
    public static ShapeSymbols Of(CheckpointConfig config, long? vocabulary)
    {
        var leaves = config.Unread().Where(leaf => Numbers(leaf.Value) is not null).ToList();
        var symbols = new List<ShapeSymbol>();
        if (vocabulary is { } rows) symbols.Add(new("Vocab", null, [rows], IsUsual: true));
        foreach (var (name, keys, others) in Usual)
        {
            var fileKey = FileKeys.GetValueOrDefault(name);
            if (Named(keys) is { } usual) symbols.Add(new(name, usual.Key, Numbers(usual.Value)!, IsUsual: true, FileKey: fileKey));
            else if (Named(others) is { } other) symbols.Add(new(name, other.Key, Numbers(other.Value)!, IsUsual: true, fileKey is null, fileKey));
        }

        AddDerived(symbols);
        foreach (var (_, key, value) in leaves)
        {
            var name = Identifier(key.Split('.')[^1]);
            if (symbols.Any(s => s.Key == key || s.Name == name) || IsIgnored(key)) continue;
            if (Array.Exists(NoWidths, w => key.Contains(w, StringComparison.Ordinal)) || !Numbers(value)!.Any(n => n > 1)) continue;
            symbols.Add(new(name, key, Numbers(value)!, IsUsual: false, FileKey: key));
        }

        return new ShapeSymbols(symbols);

        (string Path, string Key, JsonElement Value)? Named(string keys) => keys.Split('|', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(key => leaves.Where(leaf => leaf.Key == key || leaf.Key.EndsWith("." + key, StringComparison.Ordinal)))
            .Select(leaf => ((string, string, JsonElement)?)leaf).FirstOrDefault();
    }

    /// <summary>Whether no architecture's computation depends on a key.</summary>
    public static bool IsIgnored(string key) => CommonConfig.Ignored.Any(group => group.Keys.Any(pattern => CheckpointConfig.IsNamed(pattern, key)));

    /// <summary>A key as a name of C#: kv_lora_rank becomes KvLoraRank.</summary>
    public static string Identifier(string key)
    {
        var words = key.Split([.. key.Where(c => !char.IsAsciiLetterOrDigit(c)).Distinct()], StringSplitOptions.RemoveEmptyEntries);
        var name = string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        return name.Length == 0 || char.IsDigit(name[0]) ? "N" + name : name;
    }

    /// <summary>The name of an architecture in files, from that of its class: TwoWords becomes two-words.</summary>
    public static string FileName(string className) =>
        string.Concat(className.Select((c, i) => (i > 0 && char.IsUpper(c) ? "-" : "") + char.ToLowerInvariant(c)));

    private static void AddDerived(List<ShapeSymbol> symbols)
    {
        var heads = symbols.Find(s => s.Name == "Heads");
        if (heads is null) return;
        if (!symbols.Exists(s => s.Name == "KvHeads")) symbols.Add(heads with { Name = "KvHeads", Key = null, IsRenamed = false });
        if (!symbols.Exists(s => s.Name == "HeadDim") && symbols.Find(s => s.Name == "Embd") is { Values: [var width] } && heads.Values is [> 0 and var count])
            symbols.Add(new("HeadDim", null, [width / count], IsUsual: true));
    }

    private static long[]? Numbers(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number) return value.TryGetInt64(out var number) && number is > 0 and < int.MaxValue ? [number] : null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() < 2) return null;
        long[] numbers = [.. value.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt64(out var n) ? n : -1)];
        return numbers.All(n => n >= 0) ? numbers : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", All.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Name}={s.Values[0]}")));
}

using System.Text.Json;
using ArchGen.Gguf;

namespace ArchGen.Conversion.Vocabulary;

/// <summary>
/// The ids of special tokens, and whether they are added to a text: from tokenizer_config.json, the post-processor of tokenizer.json, config.json and
/// generation_config.json, in the order in which llama.cpp's converter believes them.
/// </summary>
internal sealed class SpecialTokens
{
    // The kind as the files name it, and as GGUF does.
    private static readonly (string Kind, string Key)[] Kinds =
    [
        ("bos", "bos"), ("eos", "eos"), ("unk", "unknown"), ("sep", "seperator"), ("pad", "padding"), ("cls", "cls"), ("mask", "mask"), ("eot", "eot"), ("eom", "eom"),
    ];

    private readonly TokenizerFolder _folder;
    private readonly int _count;
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _added = new(StringComparer.Ordinal);

    public SpecialTokens(TokenizerFolder folder, int count)
    {
        (_folder, _count) = (folder, count);
        if (folder.Config is { } config) ReadTexts(config);
        if (folder.Tokenizer is { } tokenizer && tokenizer.TryGetProperty("post_processor", out var processor)) ReadProcessor(processor);
        if (folder.Config is { } flags) ReadFlags(flags);
        ReadIds();
    }

    /// <summary>Adds the keys.</summary>
    public void AddTo(Action<string, GgufValue> add)
    {
        foreach (var (kind, key) in Kinds)
        {
            if (kind != "cls" && _ids.TryGetValue(kind, out var id)) add($"{key}_token_id", GgufValue.From((uint)id));
        }

        foreach (var kind in new[] { "bos", "eos", "sep" })
        {
            if (_added.TryGetValue(kind, out var flag)) add($"add_{kind}_token", GgufValue.From(flag));
        }
    }

    private void ReadTexts(JsonElement config)
    {
        foreach (var (kind, _) in Kinds)
        {
            if (!config.TryGetProperty($"{kind}_token", out var entry)) continue;
            if (entry.ValueKind == JsonValueKind.String) _texts[kind] = entry.GetString()!;
            else if (TokenizerFolder.Text(entry, "content") is { } content) _texts[kind] = content;
        }
    }

    /// <summary>What the post-processor puts around a text, or between two. A classifier's token stands in for a missing first one.</summary>
    private void ReadProcessor(JsonElement processor)
    {
        if (_folder.Config is not null)
        {
            if (!_texts.ContainsKey("bos") && _texts.TryGetValue("cls", out var cls)) _texts["bos"] = cls;
            if (!_texts.ContainsKey("eos") && _texts.TryGetValue("sep", out var sep)) _texts["eos"] = sep;
        }

        var parts = processor.ValueKind == JsonValueKind.Object && processor.TryGetProperty("processors", out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : new[] { processor };
        foreach (var part in parts)
        {
            switch (TokenizerFolder.Text(part, "type"))
            {
                case "RobertaProcessing":
                    (_added["bos"], _added["eos"], _added["sep"]) = (true, true, true);
                    if (First(part, "cls") is { } first) _texts.TryAdd("cls", first);
                    if (First(part, "sep") is { } last) _texts.TryAdd("sep", last);
                    break;
                case "TemplateProcessing":
                    ReadTemplate(Items(part, "single"), Items(part, "pair"));
                    break;
            }
        }
    }

    private void ReadTemplate(List<JsonElement> single, List<JsonElement> pair)
    {
        string? first = null, last = null;
        if (single.Count > 1)
        {
            first = Special(single[0]);
            last = Special(single[^1]);
            if (first is not null)
            {
                if (_folder.Config is null) _texts["bos"] = first;
                _added["bos"] = first == _texts.GetValueOrDefault("bos") || first == _texts.GetValueOrDefault("cls");
            }

            if (last is not null)
            {
                // A text that ends otherwise than the config says: its own end is the end of a turn.
                if (_folder.Config is not null && _texts.TryGetValue("eos", out var eos) && eos != last) _texts.TryAdd("eot", eos);
                _texts["eos"] = last;
                _added["eos"] = true;
            }
        }

        if (pair.Count == 0) return;
        var start = first is not null && Special(pair[0]) == first ? 1 : 0;
        var stop = last is not null && Special(pair[^1]) == last ? pair.Count - 1 : pair.Count;
        var between = pair[start..stop];
        if (between.Count < 3 || Sequence(between[0]) != "A" || Sequence(between[^1]) != "B") return;
        between = between[1..^1];
        string? eosText = _texts.GetValueOrDefault("eos"), sepText = _texts.GetValueOrDefault("sep");
        var adds = Special(between[0]) is { } separator && (separator == sepText || separator == eosText) && last is null;
        if (between.Count == 2 && Special(between[1]) is { } second && (second == sepText || second == eosText)) adds = true;
        _added["sep"] = adds;
    }

    private void ReadFlags(JsonElement config)
    {
        foreach (var kind in new[] { "bos", "eos", "sep" })
        {
            if (config.TryGetProperty($"add_{kind}_token", out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False) _added[kind] = flag.GetBoolean();
        }
    }

    private void ReadIds()
    {
        var added = _folder.AddedTokens().ToList();
        if (_folder.Config is not null)
        {
            foreach (var (kind, text) in _texts)
            {
                var found = added.FindIndex(t => t.Text == text);
                if (found >= 0) SetId(kind, added[found].Id);
            }
        }

        foreach (var config in new[] { _folder.Json("config.json"), _folder.Json("generation_config.json") }.OfType<JsonElement>())
        {
            var inner = config.TryGetProperty("text_config", out var text) && text.ValueKind == JsonValueKind.Object ? text : config;
            foreach (var (kind, _) in Kinds)
            {
                if (config.TryGetProperty($"{kind}_token_id", out var id) || inner.TryGetProperty($"{kind}_token_id", out id))
                {
                    if (id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var number)) SetId(kind, number);
                }
            }
        }
    }

    private void SetId(string kind, int id)
    {
        if (id >= 0 && id < _count) _ids.TryAdd(kind, id);
    }

    private static List<JsonElement> Items(JsonElement part, string key) => part.TryGetProperty(key, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    private static string? Special(JsonElement item) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("SpecialToken", out var token) ? TokenizerFolder.Text(token, "id") : null;

    private static string? Sequence(JsonElement item) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("Sequence", out var token) ? TokenizerFolder.Text(token, "id") : null;

    private static string? First(JsonElement part, string key) =>
        part.TryGetProperty(key, out var pair) && pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() > 0 && pair[0].ValueKind == JsonValueKind.String ? pair[0].GetString() : null;
}

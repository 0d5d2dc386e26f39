using ArchGen.Gguf;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>
/// The ids of special tokens, and which of them are added to a text. They are in tokenizer_config.json and special_tokens_map.json (texts,
/// <c>add_bos_token</c>), in tokenizer.json (ids, the template of its post-processor), in config.json and generation_config.json (ids).
/// </summary>
internal sealed class SpecialTokenKeys
{
    private static readonly (string Role, string Key)[] Keys =
    [
        ("bos", "bos_token_id"), ("eos", "eos_token_id"), ("unk", "unknown_token_id"), ("sep", "seperator_token_id"), ("pad", "padding_token_id"),
        ("cls", ""), ("mask", "mask_token_id"), ("eot", "eot_token_id"), ("eom", "eom_token_id"),
    ];

    private readonly TokenizerFolder _folder;
    private readonly TokenList _tokens;
    private readonly Func<string, int?> _defaults;
    private readonly Dictionary<string, string> _texts = [];
    private readonly OrderedDictionary<string, int> _ids = [];
    private readonly OrderedDictionary<string, bool> _adds = [];

    public SpecialTokenKeys(TokenizerFolder folder, TokenList tokens, Func<string, int?> defaults)
    {
        _folder = folder;
        _defaults = defaults;
        _tokens = tokens;
        foreach (var (role, _) in Keys)
        {
            if (TextOf(folder.TokenSetting($"{role}_token")) is { } text) _texts[role] = text;
        }

        // An encoder's first and last tokens are its begin and end of sequence.
        if (Text("bos") is null && Text("cls") is { } first) _texts["bos"] = first;
        if (Text("eos") is null && Text("sep") is { } last) _texts["eos"] = last;
        ReadPostProcessor();
        FindIds();
    }

    /// <summary>The id of a role by its name in the files, such as "bos"; null if there is none.</summary>
    public int? this[string role] => _ids.TryGetValue(role, out var id) ? id : null;

    public void WriteTo(GgufMetadata metadata)
    {
        foreach (var (role, id) in _ids)
        {
            var key = Array.Find(Keys, entry => entry.Role == role).Key;
            if (key.Length > 0) metadata[$"tokenizer.ggml.{key}"] = GgufValue.From((uint)id);
        }

        foreach (var (role, added) in _adds) metadata[$"tokenizer.ggml.add_{role}_token"] = GgufValue.From(added);
    }

    private string? Text(string role) => _texts.GetValueOrDefault(role);

    private static string? TextOf(JsonValue value) => value.IsText ? value.Text : value["content"].IsText ? value["content"].Text : null;

    private void ReadPostProcessor()
    {
        var post = _folder.Tokenizer["post_processor"];
        if (!post.Exists) return;
        foreach (var processor in post["processors"].IsList ? post["processors"].Items : [post])
        {
            switch (processor["type"].TextOrNull)
            {
                case "RobertaProcessing" or "BertProcessing":
                    _adds["bos"] = _adds["eos"] = _adds["sep"] = true;
                    TakeText("cls", processor["cls"]);
                    TakeText("sep", processor["sep"]);
                    break;
                case "TemplateProcessing":
                    ReadTemplate(processor);
                    break;
            }
        }
    }

    private void TakeText(string role, JsonValue pair)
    {
        if (!_texts.ContainsKey(role) && pair.Exists && pair.Items.FirstOrDefault() is { IsText: true } text) _texts[role] = text.Text;
    }

    private void ReadTemplate(JsonValue processor)
    {
        var single = Parts(processor["single"]);
        string? first = null, last = null;
        if (single.Length > 1)
        {
            first = single[0].Special;
            last = single[^1].Special;
            if (first is not null)
            {
                if (!HasTexts) _texts.TryAdd("bos", first);
                _adds["bos"] = first == Text("bos") || first == Text("cls");
            }

            if (last is not null)
            {
                // If the template ends with another token, that one ends the model's input, and the configured end of sequence is the end of turn.
                if (Text("eos") is { } eos && eos != last) _texts[_texts.ContainsKey("eot") ? "eom" : "eot"] = eos;
                _texts["eos"] = last;
                _adds["eos"] = true;
            }
        }

        ReadSeparator(Parts(processor["pair"]), first, last);
    }

    private bool HasTexts => _folder.TokenizerConfig.Exists || _folder.SpecialTokensMap.Exists;

    /// <summary>Reads the tokens between two texts: a separator, unless they are the end of the first.</summary>
    private void ReadSeparator(Part[] pair, string? first, string? last)
    {
        if (pair.Length > 0 && first is not null && pair[0].Special == first) pair = pair[1..];
        if (pair.Length > 0 && last is not null && pair[^1].Special == last) pair = pair[..^1];
        if (pair is not [{ Sequence: "A" }, .. { Length: > 0 } between, { Sequence: "B" }]) return;

        var adds = Separates(between[0]) && last is null;
        if (between.Length == 2) adds |= Separates(between[1]);
        _adds["sep"] = adds;
        if (adds && !_texts.ContainsKey("sep") && Text("eos") is { } eos) _texts["sep"] = eos;

        bool Separates(Part part) => part.Special is { } special && (special == Text("sep") || special == Text("eos"));
    }

    private readonly record struct Part(string? Special, string? Sequence);

    private static Part[] Parts(JsonValue template) => template.IsList
        ? [.. template.Items.Select(part => new Part(part["SpecialToken"]["id"].TextOrNull, part["Sequence"]["id"].TextOrNull))]
        : [];

    private void FindIds()
    {
        Dictionary<string, int> added = [];
        foreach (var token in AddedToken.OfTokenizer(_folder)) added.TryAdd(token.Text, token.Id);
        foreach (var (role, _) in Keys)
        {
            if (_folder.TokenizerConfig[$"add_{role}_token"].Flag is { } adds) _adds[role] = adds;
            if (Text(role) is { } text && added.TryGetValue(text, out var id)) Set(role, id);
        }

        foreach (var (role, _) in Keys)
        {
            var value = _folder.Setting($"{role}_token_id") is { Exists: true } setting ? setting : _folder.GenerationConfig[$"{role}_token_id"];
            if ((value.IsList ? value.Items.FirstOrDefault() : value).IntegerIfAny is { } id) Set(role, id);
            else if (_defaults($"{role}_token_id") is { } assumed) Set(role, assumed);
        }

        // Without a tokenizer.json the texts are looked up in the vocabulary.
        if (_folder.Tokenizer.Exists) return;
        foreach (var (role, _) in Keys)
        {
            if (Text(role) is { } text && _tokens.Find(text) is { } id) Set(role, id);
        }
    }

    private void Set(string role, int id)
    {
        if (id >= 0 && id < _tokens.Count) _ids.TryAdd(role, id);
    }
}

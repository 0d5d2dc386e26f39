using ArchGen.Tokenizers;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>
/// Mistral's tekken.json: the special tokens, then tokens as bytes in the order of their ranks. It has no merges; they follow from the ranks.
/// </summary>
internal sealed class TekkenVocabulary
{
    private readonly List<string> _merges = [];

    private TekkenVocabulary(TokenList tokens) => Tokens = tokens;

    public TokenList Tokens { get; }

    public IReadOnlyList<string> Merges => _merges;

    /// <summary>Reads the tekken.json of a folder.</summary>
    /// <exception cref="ArchGenException">The file is no tekken.json, or damaged.</exception>
    public static TekkenVocabulary Read(string folder)
    {
        var file = JsonValue.ReadFile(folder, "tekken.json");
        var config = file["config"];
        var count = config["default_vocab_size"].Integer;
        var specials = config["default_num_special_tokens"].Integer;
        if (specials < 0 || specials > count) throw config["default_num_special_tokens"].Fault($"at most the {count} tokens of default_vocab_size");
        TokenList tokens = new(count, Path.Combine(folder, "tekken.json"));
        string[] usual = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]",
            "[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]", "[IMG_END]", "[PREFIX]", "[MIDDLE]", "[SUFFIX]"];
        for (var id = 0; id < specials; id++)
        {
            tokens.Set(id, id < usual.Length ? usual[id] : $"<SPECIAL_{id}>", 0, id == 0 ? TokenType.Unknown : TokenType.Control);
        }

        if (file["special_tokens"].IsList)
        {
            foreach (var special in file["special_tokens"].Items)
            {
                var id = special["rank"].Integer;
                if (id < 0 || id >= specials) throw special["rank"].Fault($"an id from 0 to {specials - 1}");
                tokens.Set(id, special["token_str"].Text, 0, id == 0 ? TokenType.Unknown : TokenType.Control);
            }
        }

        TekkenVocabulary vocabulary = new(tokens);
        Dictionary<string, int> ranks = [];
        foreach (var item in file["vocab"].Items.Take(count - specials))
        {
            var text = Written(item["token_bytes"]);
            var rank = ranks.Count;
            if (!ranks.TryAdd(text, rank)) throw item["token_bytes"].Fault("bytes that no other token has");
            tokens.Set(specials + rank, text, 0, TokenType.Normal);
            if (RankedMerges.Of(text, ranks, rank) is { } merge) vocabulary._merges.Add(merge);
        }

        return vocabulary;
    }

    private static string Written(JsonValue base64) => RankedMerges.Decode(base64.Text) ?? throw base64.Fault(RankedMerges.Expected);
}

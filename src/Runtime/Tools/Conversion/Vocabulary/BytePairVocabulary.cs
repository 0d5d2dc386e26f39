using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>Byte-level BPE, <c>tokenizer.ggml.model</c> "gpt2": from tokenizer.json, or from vocab.json and merges.txt.</summary>
internal static class BytePairVocabulary
{
    /// <summary>The texts with their ids: of the model section of tokenizer.json, or of vocab.json.</summary>
    public static TokenList Tokens(JsonValue vocabulary, TokenizerFolder folder, int? vocabSize)
    {
        var texts = vocabulary.Properties.Select(entry => (entry.Key, Id: entry.Value.Integer)).ToList();
        var added = AddedToken.All(folder);
        var count = 1L + Math.Max(texts.Count == 0 ? -1 : texts.Max(entry => entry.Id), added.Count == 0 ? -1 : added.Keys.Max());
        TokenList tokens = new(vocabSize ?? count, folder.Path);
        foreach (var (text, id) in texts)
        {
            if (id < 0) throw vocabulary.Fault($"ids from 0, but {MessageText.Quote(text)} has {id}");
            tokens.Set(id, text, 0, TokenType.Normal);
        }

        HashSet<string> markers = [.. Roles.Select(role => folder.TokenSetting(role))
            .Select(value => value.IsText ? value.Text : value["content"].TextOrNull ?? "")];
        foreach (var token in added.Values)
        {
            var control = token.IsControl || markers.Contains(token.Text);
            tokens.Set(token.Id, control ? token.Text : SpaceEscape.Plain(token.Text), 0, control ? TokenType.Control : TokenType.UserDefined);
        }

        // Without tokenizer.json the markers are known only by their texts.
        foreach (var marker in markers)
        {
            if (!folder.Tokenizer.Exists && tokens.Find(marker) is { } id) tokens.Set(id, marker, 0, TokenType.Control);
        }

        return tokens;
    }

    /// <summary>The merges of tokenizer.json: texts, or (since transformers 4.45) pairs, whose spaces are written in the byte alphabet.</summary>
    public static string[] Merges(JsonValue merges) => [.. merges.Items.Select(merge => merge.IsText ? merge.Text : PairOf(merge))];

    /// <summary>The merges of merges.txt, without its heading.</summary>
    public static string[] Merges(string file) =>
        [.. TokenizerFolder.ReadLines(file).Where((line, i) => line.Length > 0 && !(i == 0 && line.StartsWith("#version", StringComparison.Ordinal)))];

    private static readonly string[] Roles = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    private static string PairOf(JsonValue merge) => merge.IsList && merge.Count == 2
        ? string.Join(' ', merge.Items.Select(part => part.Text.Replace(' ', 'Ġ')))
        : throw merge.Fault("\"a b\" or [\"a\", \"b\"]");
}

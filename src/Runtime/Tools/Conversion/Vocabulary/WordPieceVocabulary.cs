using ArchGen.Tokenizers;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>
/// WordPiece, <c>tokenizer.ggml.model</c> "bert": from tokenizer.json or vocab.txt. GGUF marks tokens that begin a word (U+2581), the files
/// those that continue one (##).
/// </summary>
internal static class WordPieceVocabulary
{
    private static readonly string[] Markers = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    public static TokenList Tokens(TokenizerFolder folder, int? vocabSize)
    {
        var prefix = folder.Tokenizer["model"]["continuing_subword_prefix"].TextOrNull ?? "##";
        var source = folder.Tokenizer["model"]["vocab"] is { Exists: true } vocabulary
            ? vocabulary.Properties.Select(entry => (Text: entry.Key, Id: entry.Value.Integer)).ToList()
            : [.. TokenizerFolder.ReadLines(folder.Find("vocab.txt")!).Select((text, id) => (text, id))];
        var added = AddedToken.All(folder);
        var last = Math.Max(source.Count == 0 ? -1 : source.Max(entry => entry.Id), added.Count == 0 ? -1 : added.Keys.Max());
        TokenList tokens = new(vocabSize ?? 1L + last, folder.Path);
        for (var id = 0; id < tokens.Count; id++) tokens.Set(id, Written($"[PAD{id}]", prefix), 0, TokenType.Unused);
        foreach (var (text, id) in source)
        {
            if (!folder.Tokenizer.Exists && Markers.Contains(text)) tokens.Set(id, text, 0, TokenType.Control);
            else tokens.Set(id, Written(text, prefix), 0, TokenType.Normal);
        }

        foreach (var token in added.Values)
        {
            tokens.Set(token.Id, token.IsControl ? token.Text : Written(token.Text, prefix), 0, token.IsControl ? TokenType.Control : TokenType.UserDefined);
        }

        return tokens;
    }

    private static string Written(string text, string prefix) =>
        prefix.Length > 0 && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : SpaceEscape.Escaped + text;
}

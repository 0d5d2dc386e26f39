using System.Text.Json;
using System.Text.RegularExpressions;
using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Conversion.Vocabulary;

/// <summary>
/// SentencePiece BPE that is published as tokenizer.json only (<c>llama</c>). Scores are minus the rank of the first merge that makes a token, so that
/// merging by score is merging by rank; tokens that no merge makes stand far below.
/// </summary>
internal static partial class MergedPieceVocabulary
{
    private const float Unmerged = -1e6f;

    public static int Add(TokenizerFolder files, JsonElement model, TokenizerOptions options, Action<string, GgufValue> add)
    {
        var tokens = BytePairVocabulary.Tokens(files, "tokenizer.json", model.TryGetProperty("vocab", out var vocab) ? vocab : default);
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (left, right) in Pairs(files, model)) ranks.TryAdd(left + right, ranks.Count);
        var unknown = TokenizerFolder.Text(model, "unk_token");
        for (var id = 0; id < tokens.Count; id++)
        {
            if (tokens[id] is not { } token) continue;
            var type = token.Text == unknown ? TokenType.Unknown : ByteToken().IsMatch(token.Text) ? TokenType.Byte : TokenType.Normal;
            tokens.Set(id, token.Text, type, ranks.TryGetValue(token.Text, out var rank) ? -rank : Unmerged);
        }

        foreach (var (id, text, isSpecial) in files.AddedTokens())
        {
            if (text != unknown) tokens.Set(id, isSpecial ? text : text.Replace('▁', ' '), isSpecial ? TokenType.Control : TokenType.UserDefined, tokens[id]?.Score ?? Unmerged);
        }

        tokens.Fill(options.VocabSize);
        add("model", GgufValue.From("llama"));
        add("pre", GgufValue.From(options.Pre ?? "default"));
        tokens.AddTo(add, withScores: true);
        if (!AddsPrefix(files.Tokenizer!.Value)) add("add_space_prefix", GgufValue.From(false));
        return tokens.Count;
    }

    private static IEnumerable<(string Left, string Right)> Pairs(TokenizerFolder files, JsonElement model)
    {
        if (!model.TryGetProperty("merges", out var merges) || merges.ValueKind != JsonValueKind.Array) throw files.Fault("tokenizer.json", "it has no merges");
        foreach (var merge in merges.EnumerateArray())
        {
            string?[] parts = merge.ValueKind == JsonValueKind.String ? (string?[])merge.GetString()!.Split(' ') : merge.ValueKind == JsonValueKind.Array ? [.. merge.EnumerateArray().Select(p => p.ValueKind == JsonValueKind.String ? p.GetString() : null)] : [];
            if (parts is not [{ } left, { } right]) throw files.Fault("tokenizer.json", $"{merge} is no merge");
            yield return (left, right);
        }
    }

    /// <summary>Whether the normalizer, or the pre-tokenizer, puts a space before a text.</summary>
    private static bool AddsPrefix(JsonElement tokenizer) => Sections(tokenizer).Any(s =>
        TokenizerFolder.Text(s, "type") == "Prepend"
        || (TokenizerFolder.Text(s, "type") == "Metaspace" && TokenizerFolder.Text(s, "prepend_scheme") != "never" && !(s.TryGetProperty("add_prefix_space", out var prefix) && prefix.ValueKind == JsonValueKind.False)));

    private static IEnumerable<JsonElement> Sections(JsonElement tokenizer)
    {
        foreach (var (key, list) in new[] { ("normalizer", "normalizers"), ("pre_tokenizer", "pretokenizers") })
        {
            if (!tokenizer.TryGetProperty(key, out var section) || section.ValueKind != JsonValueKind.Object) continue;
            yield return section;
            if (!section.TryGetProperty(list, out var parts) || parts.ValueKind != JsonValueKind.Array) continue;
            foreach (var part in parts.EnumerateArray().Where(p => p.ValueKind == JsonValueKind.Object)) yield return part;
        }
    }

    [GeneratedRegex("^<0x[0-9A-F]{2}>$", RegexOptions.CultureInvariant)]
    private static partial Regex ByteToken();
}

using ArchGen.Tokenizers;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>
/// SentencePiece BPE that is published as tokenizer.json only. Its merges have an order instead of scores: a token's score is the negative rank of the first
/// merge that makes it, so that the pair with the best score is the first merge.
/// </summary>
internal static class SentencePieceJson
{
    /// <summary>The score of tokens that no merge makes, and that must not be made: below that of every rank.</summary>
    private const float Unreachable = -1e6f;

    public static TokenList Tokens(TokenizerFolder folder)
    {
        var model = folder.Tokenizer["model"];
        var ranks = Ranks(model["merges"]);
        var texts = model["vocab"].Properties.Select(entry => (entry.Key, Id: entry.Value.Integer)).ToList();
        var added = AddedToken.All(folder);
        var unknown = model["unk_token"].TextOrNull;
        var last = Math.Max(texts.Count == 0 ? -1 : texts.Max(entry => entry.Id), added.Count == 0 ? -1 : added.Keys.Max());
        TokenList tokens = new(1L + last, folder.Path, Unreachable);
        foreach (var (text, id) in texts)
        {
            if (id < 0) throw model["vocab"].Fault($"ids from 0, but \"{text}\" has {id}");
            var type = ByteTokens.Parse(text) is not null ? TokenType.Byte : TokenType.Normal;
            tokens.Set(id, text, ranks.TryGetValue(text, out var rank) ? -rank : Unreachable, type);
        }

        foreach (var token in added.Values.Where(token => token.Id >= 0))
        {
            var type = token.Text == unknown ? TokenType.Unknown : token.Special ? TokenType.Control : TokenType.UserDefined;
            tokens.Set(token.Id, token.Text, tokens.Score(token.Id), type);
        }

        return tokens;
    }

    /// <summary>Whether a space is put before a text: by a normalizer that prepends, or by Metaspace.</summary>
    public static bool AddsSpacePrefix(JsonValue tokenizer) =>
        Steps(tokenizer["normalizer"], "normalizers").Any(step => step["type"].TextOrNull == "Prepend")
        || Steps(tokenizer["pre_tokenizer"], "pretokenizers").Any(step => step["type"].TextOrNull == "Metaspace"
            && (step["prepend_scheme"].TextOrNull ?? (step["add_prefix_space"].Flag == false ? "never" : "always")) != "never");

    private static IEnumerable<JsonValue> Steps(JsonValue section, string list) => section[list].IsList ? section[list].Items : [section];

    private static Dictionary<string, float> Ranks(JsonValue merges)
    {
        Dictionary<string, float> ranks = [];
        var rank = 0;
        foreach (var merge in merges.Items) ranks.TryAdd(merge.IsText ? Joined(merge) : string.Concat(merge.Items.Select(part => part.Text)), rank++);
        return ranks;
    }

    private static string Joined(JsonValue merge)
    {
        var text = merge.Text;
        var space = text.IndexOf(' ', 1);
        return space > 0 ? string.Concat(text.AsSpan(0, space), text.AsSpan(space + 1)) : throw merge.Fault("\"a b\"");
    }
}

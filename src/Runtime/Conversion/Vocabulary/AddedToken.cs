using System.Globalization;

namespace ArchGen.Conversion.Vocabulary;

/// <summary>A token that is recognised in a text before the model sees it.</summary>
/// <param name="Special">Whether it is a marker rather than text.</param>
internal readonly record struct AddedToken(int Id, string Text, bool Special)
{
    /// <summary>Whether a token is a marker: some published files forget to say so.</summary>
    public bool IsControl => Special
        || Text is "<pad>" or "<mask>" or "<2mass>" or "[@BOS@]"
        || (Text.StartsWith("<|", StringComparison.Ordinal) && Text.EndsWith("|>", StringComparison.Ordinal))
        || (Text.StartsWith("<｜", StringComparison.Ordinal) && Text.EndsWith("｜>", StringComparison.Ordinal))
        || (Text.StartsWith("<unused", StringComparison.Ordinal) && Text.EndsWith('>'));

    /// <summary>The <c>added_tokens</c> of tokenizer.json.</summary>
    public static IEnumerable<AddedToken> OfTokenizer(TokenizerFolder folder)
    {
        var list = folder.Tokenizer["added_tokens"];
        return list.Exists ? list.Items.Select(token => new AddedToken(token["id"].Integer, token["content"].Text, token["special"].IsTrue)) : [];
    }

    /// <summary>The <c>added_tokens_decoder</c> of tokenizer_config.json.</summary>
    public static IEnumerable<AddedToken> OfConfig(TokenizerFolder folder)
    {
        var table = folder.TokenizerConfig["added_tokens_decoder"];
        if (!table.Exists) return [];
        return table.Properties.Select(entry => new AddedToken(IdOf(entry.Key, entry.Value), entry.Value["content"].Text, entry.Value["special"].IsTrue));
    }

    /// <summary>added_tokens.json, which has nothing but texts and ids.</summary>
    public static IEnumerable<AddedToken> OfList(TokenizerFolder folder) =>
        folder.AddedTokens.Exists ? folder.AddedTokens.Properties.Select(entry => new AddedToken(entry.Value.Integer, entry.Key, Special: false)) : [];

    /// <summary>All of them, by id; a later file adds what an earlier one does not have.</summary>
    public static Dictionary<int, AddedToken> All(TokenizerFolder folder)
    {
        Dictionary<int, AddedToken> tokens = [];
        foreach (var token in OfTokenizer(folder).Concat(OfConfig(folder)).Concat(OfList(folder))) tokens.TryAdd(token.Id, token);
        return tokens;
    }

    private static int IdOf(string text, JsonValue entry) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw entry.Fault($"a whole number as its key, not \"{text}\"");
}

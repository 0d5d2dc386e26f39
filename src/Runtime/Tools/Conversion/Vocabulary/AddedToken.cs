using System.Globalization;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>A token that is found in a text before pre-tokenization.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Text">The token's text.</param>
/// <param name="Special">Whether it is a marker rather than text.</param>
internal readonly record struct AddedToken(int Id, string Text, bool Special)
{
    /// <summary>Whether it takes the white space before it.</summary>
    public bool StripsLeft { get; private init; }

    /// <summary>Whether it takes the white space after it.</summary>
    public bool StripsRight { get; private init; }

    /// <summary>Whether it is found only if no letter or digit is next to it.</summary>
    public bool IsSingleWord { get; private init; }

    /// <summary>Whether it is looked for in the normalized text.</summary>
    public bool IsNormalized { get; private init; }

    /// <summary>Whether the token is a marker: flagged as special, or known by its text, since some published files lack the flag.</summary>
    public bool IsControl => Special
        || Text is "<pad>" or "<mask>" or "<2mass>" or "[@BOS@]"
        || (Text.StartsWith("<|", StringComparison.Ordinal) && Text.EndsWith("|>", StringComparison.Ordinal))
        || (Text.StartsWith("<｜", StringComparison.Ordinal) && Text.EndsWith("｜>", StringComparison.Ordinal))
        || (Text.StartsWith("<unused", StringComparison.Ordinal) && Text.EndsWith('>'));

    /// <summary>The <c>added_tokens</c> of tokenizer.json.</summary>
    public static IEnumerable<AddedToken> OfTokenizer(TokenizerFolder folder)
    {
        var list = folder.Tokenizer["added_tokens"];
        return list.Exists ? list.Items.Select(token => Read(token["id"].Integer, token)) : [];
    }

    /// <summary>The <c>added_tokens_decoder</c> of tokenizer_config.json.</summary>
    public static IEnumerable<AddedToken> OfConfig(TokenizerFolder folder)
    {
        var table = folder.TokenizerConfig["added_tokens_decoder"];
        if (!table.Exists) return [];
        return table.Properties.Select(entry => Read(IdOf(entry.Key, entry.Value), entry.Value));
    }

    /// <summary>The tokens of added_tokens.json, which has only texts and ids.</summary>
    public static IEnumerable<AddedToken> OfList(TokenizerFolder folder) =>
        folder.AddedTokens.Exists ? folder.AddedTokens.Properties.Select(entry => new AddedToken(entry.Value.Integer, entry.Key, Special: false)) : [];

    /// <summary>The added tokens of all files, by id; a later file adds the ids that the earlier ones lack.</summary>
    public static Dictionary<int, AddedToken> All(TokenizerFolder folder)
    {
        Dictionary<int, AddedToken> tokens = [];
        foreach (var token in OfTokenizer(folder).Concat(OfConfig(folder)).Concat(OfList(folder))) tokens.TryAdd(token.Id, token);
        return tokens;
    }

    private static AddedToken Read(int id, JsonValue token) => new(id, token["content"].Text, token["special"].IsTrue)
    {
        StripsLeft = token["lstrip"].IsTrue,
        StripsRight = token["rstrip"].IsTrue,
        IsSingleWord = token["single_word"].IsTrue,
        IsNormalized = token["normalized"].IsTrue,
    };

    private static int IdOf(string text, JsonValue entry) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw entry.Fault($"a whole number as its key, not \"{text}\"");
}

using ArchGen.Gguf;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>What the files of a tokenizer say of tokens and a GGUF cannot: a line for each kind of loss.</summary>
internal static class TokenLosses
{
    private const int Shown = 3;

    // Texts are changed, but not those of tokens.
    private static readonly string[] Harmless = ["NFC", "Replace"];

    /// <summary>Tells of tokens whose ids are beyond the vocabulary.</summary>
    public static void TellBeyond(TokenList tokens, Action<string> log)
    {
        if (tokens.Beyond.Count == 0) return;
        log($"{Names(tokens.Beyond.Values)} left out: the ids are beyond the vocabulary of {tokens.Count} tokens (vocab_size), from {tokens.Beyond.Keys.First()} on. "
            + "Texts with them are cut into other tokens.");
    }

    /// <summary>Tells of added tokens that are found in a text in another way than readers of a GGUF find them.</summary>
    /// <param name="files">The tokenizer's files.</param>
    /// <param name="restored">The ids of the tokens that the reader lets take the white space before or after them.</param>
    /// <param name="log">Receives lines that the user should see.</param>
    public static void TellFlags(TokenizerFolder files, (IReadOnlySet<int> Left, IReadOnlySet<int> Right) restored, Action<string> log)
    {
        var added = AddedToken.All(files).Values;
        Tell("lstrip", "white space before them is theirs", added.Where(token => token.StripsLeft && !restored.Left.Contains(token.Id)));
        Tell("rstrip", "white space after them is theirs", added.Where(token => token.StripsRight && !restored.Right.Contains(token.Id)));
        Tell("single_word", "within a word they are text", added.Where(token => token.IsSingleWord));
        if (ChangesTokens(files.Tokenizer["normalizer"])) Tell("normalized", "they are found in the normalized text", added.Where(token => token.IsNormalized));

        void Tell(string flag, string meaning, IEnumerable<AddedToken> tokens)
        {
            string[] texts = [.. tokens.OrderBy(token => token.Id).Select(token => token.Text)];
            if (texts.Length > 0)
                log($"{Names(texts)}: GGUF has no key for \"{flag}\" ({meaning}), so that such texts get other ids. --embed-tokenizer keeps it for ArchGen.");
        }
    }

    private static bool ChangesTokens(JsonValue normalizer) => normalizer["normalizers"].IsList
        ? normalizer["normalizers"].Items.Any(ChangesTokens)
        : normalizer.Exists && !Harmless.Contains(normalizer["type"].TextOrNull);

    private static string Names(IEnumerable<string> texts)
    {
        string[] all = [.. texts];
        var names = string.Join(", ", all.Take(Shown).Select(text => MessageText.Quote(text)));
        return (all.Length == 1 ? "token " : "tokens ") + names + (all.Length > Shown ? $" and {all.Length - Shown} more" : "");
    }
}

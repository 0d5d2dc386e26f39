using ArchGen.Gguf;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>Reports what a tokenizer's files state of tokens and a GGUF cannot: one line for each kind of loss.</summary>
internal static class TokenLosses
{
    private const int MaxNames = 3;

    // These change texts, but not those of tokens.
    private static readonly string[] Harmless = ["NFC", "Replace"];

    /// <summary>Reports the tokens whose ids are beyond the vocabulary.</summary>
    public static void ReportBeyond(TokenList tokens, Action<string> log)
    {
        if (tokens.Beyond.Count == 0) return;
        log($"{Names(tokens.Beyond.Values)} left out: the ids are beyond the vocabulary of {tokens.Count} tokens (vocab_size), "
            + $"from {tokens.Beyond.Keys.First()} on. Texts with them are split into other tokens.");
    }

    /// <summary>Reports the added tokens that the tokenizer finds in a text in another way than readers of a GGUF do.</summary>
    /// <param name="files">The tokenizer's files.</param>
    /// <param name="restored">The ids of the tokens that the reader lets take the white space before or after them.</param>
    /// <param name="log">Receives lines that the user should see.</param>
    public static void ReportFlags(TokenizerFolder files, (IReadOnlySet<int> Left, IReadOnlySet<int> Right) restored, Action<string> log)
    {
        var added = AddedToken.All(files).Values;
        Report("lstrip", "white space before them is theirs", added.Where(token => token.StripsLeft && !restored.Left.Contains(token.Id)));
        Report("rstrip", "white space after them is theirs", added.Where(token => token.StripsRight && !restored.Right.Contains(token.Id)));
        Report("single_word", "within a word they are text", added.Where(token => token.IsSingleWord));
        if (ChangesTokens(files.Tokenizer["normalizer"]))
            Report("normalized", "they are found in the normalized text", added.Where(token => token.IsNormalized));

        void Report(string flag, string meaning, IEnumerable<AddedToken> tokens)
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
        var names = string.Join(", ", all.Take(MaxNames).Select(text => MessageText.Quote(text)));
        return (all.Length == 1 ? "token " : "tokens ") + names + (all.Length > MaxNames ? $" and {all.Length - MaxNames} more" : "");
    }
}

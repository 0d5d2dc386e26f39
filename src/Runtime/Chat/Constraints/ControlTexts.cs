using ArchGen.Grammars;
using ArchGen.Tokenizers;
using Symbol = ArchGen.Grammars.Symbol;

namespace ArchGen.Chat.Constraints;

/// <summary>The control tokens of a vocabulary by their texts: a grammar names them by id, since a text cannot contain them.</summary>
internal sealed class ControlTexts
{
    private readonly List<(string Text, int Id)> _tokens = [];

    /// <summary>Collects them.</summary>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="tokenizer">Its tokenizer; null if no grammar names tokens by their text.</param>
    public ControlTexts(Vocabulary vocabulary, Tokenizer? tokenizer = null)
    {
        Tokenizer = tokenizer;
        for (var id = 0; id < vocabulary.Count; id++)
        {
            var isText = vocabulary.Type(id) is TokenType.Normal or TokenType.Byte or TokenType.UserDefined && !vocabulary.IsEndOfGeneration(id);
            if (!isText && vocabulary.Text(id) is { Length: > 0 } text) _tokens.Add((text, id));
        }

        Ends = [.. vocabulary.EndOfGeneration.Select(vocabulary.Text)];
    }

    /// <summary>The tokenizer; null if there is none.</summary>
    public Tokenizer? Tokenizer { get; }

    /// <summary>The texts of the tokens that end an answer.</summary>
    public IReadOnlyList<string> Ends { get; }

    /// <summary>A fixed text as a symbol: its control tokens by id, the rest by its characters.</summary>
    public Symbol Literal(GrammarBuilder grammar, string text)
    {
        var parts = new List<Symbol>();
        for (var at = 0; at < text.Length;)
        {
            var (begin, length, id) = Next(text, at);
            if (begin > at) parts.Add(grammar.Literal(text[at..begin]));
            if (length > 0) parts.Add(grammar.Token(id));
            at = begin + length;
        }

        return grammar.Sequence([.. parts]);
    }

    // The first control token, the longest if several begin there; the end of the text if there is none.
    private (int Begin, int Length, int Id) Next(string text, int from)
    {
        var found = (Begin: text.Length, Length: 0, Id: -1);
        foreach (var (token, id) in _tokens)
        {
            var at = text.IndexOf(token, from, StringComparison.Ordinal);
            if (at >= 0 && (at < found.Begin || (at == found.Begin && token.Length > found.Length))) found = (at, token.Length, id);
        }

        return found;
    }
}

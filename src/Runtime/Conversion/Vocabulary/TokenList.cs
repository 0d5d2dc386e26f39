using System.Globalization;
using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Conversion.Vocabulary;

/// <summary>The tokens of a file by id: text, type and, where the model has them, score.</summary>
internal sealed class TokenList
{
    // More than any published vocabulary; a wrong id must not make gigabytes.
    private const int Most = 1 << 22;

    private readonly List<(string Text, TokenType Type, float Score)?> _tokens = [];

    /// <summary>The number of tokens.</summary>
    public int Count => _tokens.Count;

    /// <summary>The token of an id, or null if there is none.</summary>
    public (string Text, TokenType Type, float Score)? this[int id] => id < _tokens.Count ? _tokens[id] : null;

    /// <summary>Sets the token of an id.</summary>
    /// <exception cref="ArchGenException">The id is absurd.</exception>
    public void Set(int id, string text, TokenType type, float score = 0)
    {
        if (id is < 0 or >= Most) throw new ArchGenException($"the token '{text}' has the id {id}, expected 0 to {Most - 1}. Download the tokenizer again.");
        while (_tokens.Count <= id) _tokens.Add(null);
        _tokens[id] = (text, type, score);
    }

    /// <summary>Fills gaps, and the end up to a size, with tokens that nothing produces.</summary>
    public void Fill(int? size)
    {
        for (var id = 0; id < Math.Max(_tokens.Count, size ?? 0); id++)
        {
            if (this[id] is null) Set(id, string.Create(CultureInfo.InvariantCulture, $"[PAD{id}]"), TokenType.Unused, -10000);
        }
    }

    /// <summary>Adds the lists to a file's keys.</summary>
    public void AddTo(Action<string, GgufValue> add, bool withScores)
    {
        add("tokens", GgufValue.From(_tokens.Select(t => t!.Value.Text).ToArray()));
        if (withScores) add("scores", GgufValue.From(_tokens.Select(t => t!.Value.Score).ToArray()));
        add("token_type", GgufValue.From(_tokens.Select(t => (int)t!.Value.Type).ToArray()));
    }

    /// <summary>Whether an added token is one that no text should produce, although its flag does not say so.</summary>
    public static bool LooksSpecial(string text)
    {
        return text is "<pad>" or "<mask>" or "<2mass>" or "[@BOS@]" || Has("<|", "|>") || Has("<｜", "｜>") || Has("<unused", ">");

        bool Has(string begin, string end) => text.StartsWith(begin, StringComparison.Ordinal) && text.EndsWith(end, StringComparison.Ordinal);
    }

}

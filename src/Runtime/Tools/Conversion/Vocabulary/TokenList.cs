using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>The tokens of a vocabulary with scores and types. Ids without a token are <c>[PADn]</c>, unused.</summary>
internal sealed class TokenList
{
    /// <summary>The maximum number of tokens, far above any published vocabulary; a larger number comes from a damaged file.</summary>
    private const int MaxTokens = 1 << 24;

    private readonly string?[] _texts;
    private readonly float[] _scores;
    private readonly TokenType[] _types;
    private readonly SortedDictionary<int, string> _beyond = [];

    /// <param name="count">The number of tokens.</param>
    /// <param name="source">The file that states the number of tokens; for messages.</param>
    /// <param name="paddingScore">The score of ids without a token.</param>
    /// <exception cref="ArchGenException">The number is below 1, or far above any published vocabulary.</exception>
    public TokenList(long count, string source, float paddingScore = 0)
    {
        if (count is < 1 or > MaxTokens)
            throw new ModelFileException($"{source}: the vocabulary would have {count} tokens, expected 1 to {MaxTokens}. The file is damaged.");
        _texts = new string?[count];
        _scores = new float[count];
        Array.Fill(_scores, paddingScore);
        _types = new TokenType[count];
        Array.Fill(_types, TokenType.Unused);
    }

    public int Count => _texts.Length;

    public bool Has(int id) => (uint)id < (uint)Count && _texts[id] is not null;

    public string Text(int id) => _texts[id] ?? $"[PAD{id}]";

    public TokenType Type(int id) => _types[id];

    public float Score(int id) => _scores[id];

    /// <summary>The tokens whose ids are beyond the vocabulary: they are left out.</summary>
    public IReadOnlyDictionary<int, string> Beyond => _beyond;

    /// <summary>Sets a token, unless its id is beyond the vocabulary.</summary>
    public void Set(int id, string text, float score, TokenType type)
    {
        if ((uint)id < (uint)Count) (_texts[id], _scores[id], _types[id]) = (text, score, type);
        else _beyond[id] = text;
    }

    /// <summary>The id of the first token with this text; null if there is none.</summary>
    public int? Find(string text) => Array.IndexOf(_texts, text) is >= 0 and var id ? id : null;

    public void WriteTo(GgufMetadata metadata, bool scores)
    {
        metadata["tokenizer.ggml.tokens"] = GgufValue.From(Enumerable.Range(0, Count).Select(Text).ToArray());
        if (scores) metadata["tokenizer.ggml.scores"] = GgufValue.From(_scores);
        metadata["tokenizer.ggml.token_type"] = GgufValue.From(Array.ConvertAll(_types, type => (int)type));
    }
}

using System.Text;
using ArchGen.Gguf;

namespace ArchGen.Tokenizers;

/// <summary>The tokens of a model: text, score and type of each, and which of them are special.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class Vocabulary
{
    private const int MaxCharacters = 1 << 28;

    private readonly string[] _texts;
    private readonly float[]? _scores;
    private readonly TokenType[] _types;
    private readonly int?[] _special = new int?[Enum.GetValues<SpecialToken>().Length];
    private readonly HashSet<int> _endOfGeneration = [];
    private readonly Lazy<ByteStringTable> _ids;

    /// <summary>Reads <c>tokenizer.ggml.tokens</c>, <c>scores</c>, <c>token_type</c> and the ids of special tokens.</summary>
    /// <param name="defaults">The ids that special tokens have where the file does not say.</param>
    internal Vocabulary(GgufMetadata metadata, IEnumerable<(SpecialToken Role, int Id)> defaults)
    {
        Source = metadata.Source;
        _texts = [.. metadata.GetStrings("tokenizer.ggml.tokens")];
        if (_texts.Length == 0) throw new ModelFileException($"{Source}: the vocabulary (tokenizer.ggml.tokens) is empty. Convert the model again.");
        for (var id = 0; id < _texts.Length; id++)
        {
            if (_texts[id].Length == 0) _texts[id] = $"[EMPTY_{id}]";
        }

        if (_texts.Sum(text => (long)text.Length) > MaxCharacters)
        {
            throw new ModelFileException(
                $"{Source}: the tokens of the vocabulary have more than {MaxCharacters} characters in all; real ones have some millions. "
                + "The file is damaged.");
        }

        _scores = metadata.GetSinglesOrNull("tokenizer.ggml.scores");
        RequireOnePerToken("tokenizer.ggml.scores", _scores?.Length);
        var types = metadata.GetInt32sOrNull("tokenizer.ggml.token_type");
        RequireOnePerToken("tokenizer.ggml.token_type", types?.Length);
        _types = new TokenType[_texts.Length];
        for (var id = 0; id < _types.Length; id++)
        {
            var type = (TokenType)(types?[id] ?? (int)TokenType.Normal);
            _types[id] = type is >= TokenType.Normal and <= TokenType.Byte ? type : TokenType.Unused;
        }

        _ids = new(IndexTexts);
        FindSpecialTokens(metadata, defaults);
        FindEndOfGeneration();
    }

    /// <summary>A vocabulary of another file than GGUF.</summary>
    /// <param name="metadata">The keys that name special tokens, as far as they are known.</param>
    internal Vocabulary(string source, string[] texts, TokenType[] types, float[]? scores, GgufMetadata metadata)
    {
        (Source, _texts, _types, _scores) = (source, texts, types, scores);
        _ids = new(IndexTexts);
        FindSpecialTokens(metadata, []);
        FindEndOfGeneration();
    }

    /// <summary>The file that the vocabulary was read from; for messages.</summary>
    public string Source { get; }

    /// <summary>The number of tokens; ids are below it.</summary>
    public int Count => _texts.Length;

    /// <summary>Begin of sequence, if the vocabulary has one.</summary>
    public int? Bos => this[SpecialToken.Bos];

    /// <summary>End of sequence, if the vocabulary has one.</summary>
    public int? Eos => this[SpecialToken.Eos];

    /// <summary>The tokens that end a generated text.</summary>
    public IReadOnlySet<int> EndOfGeneration => _endOfGeneration;

    /// <summary>The token with a role, if the vocabulary has one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such role.</exception>
    public int? this[SpecialToken role] => (uint)role < (uint)_special.Length ? _special[(int)role] : throw new ArgumentOutOfRangeException(nameof(role));

    /// <summary>The token as it is written in the file: with U+2581 for a space, or in the byte alphabet.</summary>
    public string Text(int id) => _texts[Checked(id)];

    /// <summary>The log probability, or the negative rank, of a token; 0 where the file has no scores.</summary>
    public float Score(int id) => _scores?[Checked(id)] ?? 0;

    /// <summary>The kind of a token.</summary>
    public TokenType Type(int id) => _types[Checked(id)];

    /// <summary>Whether a token ends a generated text.</summary>
    public bool IsEndOfGeneration(int id) => _endOfGeneration.Contains(id);

    /// <summary>The token that is written so in the file; of several the last.</summary>
    public int? Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Find(Encoding.UTF8.GetBytes(text)) is >= 0 and var id ? id : null;
    }

    /// <summary>The token written with these bytes, or -1.</summary>
    internal int Find(ReadOnlySpan<byte> utf8) => _ids.Value.Find(utf8);

    /// <summary>The length of the longest token, in bytes.</summary>
    internal int LongestToken => _ids.Value.LongestKey;

    private int Checked(int id) => (uint)id < (uint)_texts.Length ? id : throw new RequestException(
        $"{Source}: token id {id} is not in the vocabulary of {_texts.Length} tokens. Give ids from 0 to {_texts.Length - 1}.");

    private void RequireOnePerToken(string key, int? count)
    {
        if (count < _texts.Length)
        {
            throw new ModelFileException(
                $"{Source}: {key} has {count} elements for {_texts.Length} tokens; one per token was expected. Convert the model again.");
        }
    }

    private ByteStringTable IndexTexts()
    {
        ByteStringTable ids = new(_texts.Length);
        Span<byte> utf8 = stackalloc byte[256];
        for (var id = 0; id < _texts.Length; id++)
        {
            if (Encoding.UTF8.TryGetBytes(_texts[id], utf8, out var length)) ids.Set(utf8[..length], id);
            else ids.Set(Encoding.UTF8.GetBytes(_texts[id]), id);
        }

        return ids;
    }

    private void FindSpecialTokens(GgufMetadata metadata, IEnumerable<(SpecialToken Role, int Id)> defaults)
    {
        foreach (var (role, id) in defaults) SetSpecial(role, id);
        foreach (var role in Enum.GetValues<SpecialToken>())
        {
            // The current key is read last, to win over an older one. An id beyond the vocabulary says nothing: converters write -1 and the padded size.
            foreach (var key in SpecialTokenTexts.Keys(role).Reverse())
            {
                if (metadata.TryGet(key, out var value)) SetSpecial(role, value.AsInt64());
            }
        }

        // RoBERTa's vocabulary is made of GPT-2's, whose marker is text to it.
        if (metadata.GetStringOrNull("tokenizer.ggml.pre") == "roberta-bpe") return;
        var ids = IdsOf(SpecialTokenTexts.EndOfGeneration
            .Concat(SpecialTokenTexts.Visible)
            .Concat(Enum.GetValues<SpecialToken>().SelectMany(SpecialTokenTexts.Texts)));
        foreach (var role in Enum.GetValues<SpecialToken>())
        {
            if (this[role] is not null) continue;
            foreach (var text in SpecialTokenTexts.Texts(role))
            {
                if (!ids.TryGetValue(text, out var id)) continue;
                _special[(int)role] = id;
                _types[id] = TokenType.Control;
                break;
            }
        }

        foreach (var text in SpecialTokenTexts.EndOfGeneration)
        {
            if (!ids.TryGetValue(text, out var id)) continue;
            _endOfGeneration.Add(id);
            _types[id] = TokenType.Control;
        }

        foreach (var text in SpecialTokenTexts.Visible)
        {
            if (ids.TryGetValue(text, out var id)) _types[id] = TokenType.UserDefined;
        }
    }

    private void SetSpecial(SpecialToken role, long id)
    {
        if (id >= 0 && id < _texts.Length) _special[(int)role] = (int)id;
    }

    private Dictionary<string, int> IdsOf(IEnumerable<string> texts)
    {
        HashSet<string> wanted = [.. texts];
        Dictionary<string, int> ids = [];
        for (var id = 0; id < _texts.Length; id++)
        {
            if (wanted.Contains(_texts[id])) ids[_texts[id]] = id;
        }

        return ids;
    }

    private void FindEndOfGeneration()
    {
        SpecialToken[] ending =
            [SpecialToken.Eos, SpecialToken.Eot, SpecialToken.Eom, SpecialToken.FimPadding, SpecialToken.FimRepository, SpecialToken.FimFileSeparator];
        foreach (var role in ending)
        {
            if (this[role] is { } id) _endOfGeneration.Add(id);
        }

        // Where a format ends with other tokens, these two are inside an answer: harmony and Solar use <|end|> between messages, Gemma 4 has </s> as text.
        var texts = _endOfGeneration.Select(id => _texts[id]).ToHashSet();
        var harmony = texts.Contains("<|return|>") && texts.Contains("<|call|>");
        var solar = texts.Contains("<|flush|>") && (texts.Contains("<|call|>") || texts.Contains("<|calls|>"));
        if (harmony || solar) Demote("<|end|>", TokenType.UserDefined);
        if (texts.Contains("<|tool_response>")) Demote("</s>", TokenType.Normal);
    }

    private void Demote(string text, TokenType type)
    {
        foreach (var id in _endOfGeneration.Where(id => _texts[id] == text).ToArray())
        {
            _endOfGeneration.Remove(id);
            _types[id] = type;
        }
    }
}

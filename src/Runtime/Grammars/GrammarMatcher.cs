using ArchGen.Grammars.Parsing;
using ArchGen.Grammars.Vocabularies;
using ArchGen.Tokenizers;

namespace ArchGen.Grammars;

/// <summary>
/// Follows one text through a grammar, token by token, and says which tokens may come next. For one caller at a time; several matchers of one grammar may be
/// used at once. A matcher that exceeds a limit of the grammar has an <see cref="Error"/> and allows nothing from then on.
/// </summary>
public sealed class GrammarMatcher
{
    private readonly TokenVocabulary _vocabulary;
    private readonly GrammarEngine _engine;
    private Step[] _steps;
    private int _count;

    /// <summary>A matcher before the first token.</summary>
    /// <param name="grammar">The grammar.</param>
    /// <param name="tokenizer">The tokens; what is prepared for them is kept as long as the tokenizer.</param>
    /// <exception cref="RequestException">The grammar exceeds a limit at its beginning already.</exception>
    public GrammarMatcher(CompiledGrammar grammar, Tokenizer tokenizer)
        : this(grammar, TokenVocabulary.Of(tokenizer ?? throw new ArgumentNullException(nameof(tokenizer))))
    {
    }

    internal GrammarMatcher(CompiledGrammar grammar, TokenVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(grammar);
        (_vocabulary, _engine) = (vocabulary, grammar.EngineFor(vocabulary));
        _steps = new Step[32];
        _steps[0] = new(new(_engine.Initial), Token: -1, IsEnded: false);
    }

    private GrammarMatcher(GrammarMatcher other)
    {
        (_vocabulary, _engine, _count, Error) = (other._vocabulary, other._engine, other._count, other.Error);
        _steps = new Step[Math.Max(32, other._count * 5 / 4)];
        other._steps.AsSpan(0, _count + 1).CopyTo(_steps);
    }

    /// <summary>The number of tokens accepted so far.</summary>
    public int Count => _count;

    /// <summary>Whether the text may end here.</summary>
    public bool CanEnd => IsEnded || _steps[_count].Position.State is { CanEnd: true };

    /// <summary>Whether a token that ends the text has been accepted.</summary>
    public bool IsEnded => _steps[_count].IsEnded;

    /// <summary>The reason why the matcher allows nothing any more: a limit that was exceeded. Null while there is none.</summary>
    public string? Error { get; private set; }

    /// <summary>
    /// Writes which tokens may come next: bit <c>t % 32</c> of word <c>t / 32</c> is set if token t may. Tokens that end a text are set where it may end.
    /// </summary>
    /// <param name="mask">The words, all of which are written; at least one for each 32 tokens of the vocabulary.</param>
    /// <exception cref="RequestException">A limit of the grammar is exceeded, or no token of the vocabulary fits. The mask is then empty.</exception>
    public void ComputeMask(Span<uint> mask)
    {
        if (mask.Length < (_vocabulary.Count + 31) / 32)
        {
            throw new ArgumentException($"The mask has {mask.Length} words; {(_vocabulary.Count + 31) / 32} are needed.", nameof(mask));
        }

        if (Error is not null)
        {
            mask.Clear();
            throw new RequestException(Error);
        }

        if (IsEnded)
        {
            mask.Clear();
            foreach (var end in _vocabulary.Ends) mask[end >> 5] |= 1u << (end & 31);
            return;
        }

        try
        {
            lock (_engine) _engine.ComputeMask(_steps[_count].Position, mask);
        }
        catch (RequestException error)
        {
            mask.Clear();
            Error = error.Message;
            throw;
        }
    }

    /// <summary>Moves on by a token. False if it is not allowed; the state is then unchanged. Never throws, whatever the token.</summary>
    public bool TryAccept(int token)
    {
        if (Error is not null || (uint)token >= (uint)_vocabulary.Count) return false;
        if (IsEnded) return _vocabulary.IsEnd(token);
        try
        {
            Position next;
            lock (_engine) next = After(_steps[_count].Position, token);
            var ends = next.IsDead && CanEnd && _vocabulary.IsEnd(token);
            if (next.IsDead && !ends) return false;
            if (_count + 2 > _steps.Length) Array.Resize(ref _steps, _steps.Length * 2);
            _steps[++_count] = new(ends ? _steps[_count - 1].Position : next, token, ends);
            return true;
        }
        catch (RequestException error)
        {
            Error = error.Message;
            return false;
        }
    }

    /// <summary>
    /// The tokens that must follow, as the tokenizer itself writes what the grammar leaves no choice in. A last token that could become another with what
    /// follows is not among them. They are not accepted by this.
    /// </summary>
    /// <param name="tokens">Receives as many as fit.</param>
    /// <returns>Their number; 0 if the next token is a choice.</returns>
    public int ForcedTokens(Span<int> tokens)
    {
        if (Error is not null || IsEnded || tokens.IsEmpty) return 0;
        try
        {
            Span<int> recent = stackalloc int[Math.Min(_count, 8)];
            for (var i = 0; i < recent.Length; i++) recent[i] = _steps[_count - recent.Length + 1 + i].Token;
            lock (_engine) return ForcedText.Tokens(_engine, _vocabulary, _steps[_count].Position, recent, tokens);
        }
        catch (RequestException)
        {
            // What is not known to be forced is left to a mask, which reports the error if it meets it too.
            return 0;
        }
    }

    /// <summary>A matcher in the same state, which moves separately.</summary>
    public GrammarMatcher Fork() => new(this);

    /// <summary>Takes back the last tokens.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer.</exception>
    public void Rollback(int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, _count);
        if (tokens == 0) return;
        Array.Clear(_steps, _count - tokens + 1, tokens);
        _count -= tokens;
        Error = null;
    }

    private Position After(Position position, int token)
    {
        _engine.BeginWork();
        var bytes = _vocabulary.Bytes(token);
        var next = bytes.Length == 0 ? new(ParserState.Dead) : _engine.Resolve(_engine.Step(position, bytes));
        if (position.State is not { } state) return next;
        var named = _engine.StepToken(state, token);
        return named == ParserState.Dead ? next : new(_engine.Union(named, next));
    }

    /// <summary>The position after a token.</summary>
    private readonly record struct Step(Position Position, int Token, bool IsEnded);
}

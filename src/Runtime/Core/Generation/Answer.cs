using ArchGen.Runtime.Sampling;
using ArchGen.Tokenizers;

namespace ArchGen.Runtime.Generation;

/// <summary>One answer as it is generated: its tokens, what chooses them, and the text that they make.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="options">The options.</param>
/// <param name="vocabulary">The number of tokens.</param>
/// <param name="constraint">Which tokens may come next; null for all.</param>
/// <param name="statistics">Counts the tokens.</param>
internal sealed class Answer(
    Tokenizer tokenizer, AnswerOptions options, int vocabulary, ITokenConstraint? constraint, GenerationStatistics statistics)
{
    private const int MaxForced = 64; // in one step

    private readonly Sampler _sampler = new(options.Sampling, vocabulary, tokenizer);
    private readonly StreamingDecoder _decoder = new(tokenizer, special: false);
    private readonly StopMatcher _stops = new(options.Generation.StopTexts, options.Generation.KeepsStopText);
    private readonly int[] _forced = constraint is null ? [] : new int[MaxForced];
    private int[] _tokens = [];
    private int _count;
    private int _nextForced;
    private int _forcedCount;

    /// <summary>The tokens of the sequence that the model continues, and its continuation.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, _count);

    /// <summary>Whether the next token is not chosen, but follows.</summary>
    public bool HasForced => _nextForced < _forcedCount;

    /// <summary>Counts a token of the prompt.</summary>
    public void AcceptPrompt(int token) => _sampler.Accept(token);

    /// <summary>Begins with the tokens that the model continues.</summary>
    public void Begin(int[] prompt)
    {
        _count = prompt.Length;
        _tokens = new int[_count + Math.Min(options.Generation.MaxTokens, 1024)];
        prompt.CopyTo(_tokens, 0);
    }

    /// <summary>Chooses the next token, and the tokens that must follow it.</summary>
    public GeneratedToken Next(ReadOnlySpan<float> logits)
    {
        var token = constraint is null ? _sampler.Sample(logits) : _sampler.Sample(logits, constraint);
        var isEnd = tokenizer.Vocabulary.IsEndOfGeneration(token);
        if (constraint is not null && !isEnd)
        {
            if (!constraint.TryAccept(token)) throw Refused(token);
            (_nextForced, _forcedCount) = (0, constraint.ForcedTokens(_forced));
        }

        var probabilities = _sampler.Chosen is { } chosen ? new TokenProbabilities(chosen, _sampler.Likeliest.ToArray()) : null;
        return Take(token, isEnd) with { Probabilities = probabilities };
    }

    /// <summary>Takes the next token that must follow.</summary>
    public GeneratedToken NextForced()
    {
        var token = _forced[_nextForced++];
        return constraint!.TryAccept(token) ? Take(token, isEnd: false) : throw Refused(token);
    }

    private GeneratedToken Take(int token, bool isEnd)
    {
        _sampler.Accept(token);
        if (_count == _tokens.Length) Array.Resize(ref _tokens, 2 * _count);
        _tokens[_count++] = token;
        statistics.GeneratedTokens++;
        var reason = isEnd ? StopReason.EndOfGeneration
            : statistics.GeneratedTokens >= options.Generation.MaxTokens ? StopReason.TokenLimit
            : _count > options.ContextLength ? StopReason.ContextFull
            : StopReason.None;
        var text = _stops.Append(isEnd ? _decoder.Flush() : _decoder.Append(token));
        if (reason != StopReason.None && !isEnd) text += _stops.Append(_decoder.Flush());
        if (_stops.Found is not null) reason = StopReason.StopText;
        else if (reason != StopReason.None) text += _stops.Flush();
        statistics.StopReason = reason;
        return new GeneratedToken(token, text);
    }

    private static ArchGenException Refused(int token) =>
        new($"The constraint allowed token {token} and does not accept it. This is an error of the constraint.");
}

/// <summary>The options of an answer, with the defaults of its model.</summary>
/// <param name="Sampling">The sampler.</param>
/// <param name="Generation">The limits and stop texts.</param>
/// <param name="ContextLength">Tokens of the sequence at most that are computed.</param>
internal sealed record AnswerOptions(SamplerOptions Sampling, GenerationOptions Generation, int ContextLength);

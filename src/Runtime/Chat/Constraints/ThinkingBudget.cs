using ArchGen.Runtime.Sampling;

namespace ArchGen.Chat.Constraints;

/// <summary>
/// Ends a model's thinking after a number of tokens: the tokens that end it must then follow. What comes after is free, or follows another constraint, which
/// sees all tokens.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class ThinkingBudget : ITokenConstraint
{
    private readonly ITokenConstraint? _inner;
    private readonly int[] _end;
    private readonly int _vocabulary;
    private readonly ThinkingControl? _control;
    private int[] _begin = [];
    private int _beginMatched;
    private int _left;
    private int _endMatched;
    private bool _isThinking;
    private bool _isForced;

    /// <summary>Begins within the thinking.</summary>
    /// <param name="tokens">Tokens of thinking at most, at least 0.</param>
    /// <param name="end">The tokens that end it.</param>
    /// <param name="vocabulary">The number of tokens in the vocabulary.</param>
    /// <param name="inner">The constraint of the whole answer; null if there is none.</param>
    /// <param name="control">Can end it earlier; null for nothing.</param>
    /// <exception cref="RequestException">The number of tokens is negative.</exception>
    public ThinkingBudget(int tokens, int[] end, int vocabulary, ITokenConstraint? inner, ThinkingControl? control = null)
    {
        ArgumentNullException.ThrowIfNull(end);
        if (tokens < 0) throw new RequestException($"The budget of thinking is {tokens} tokens; expected 0 or more.");
        (_left, _end, _vocabulary, _inner, _control) = (tokens, end, vocabulary, inner, control);
        _isThinking = end.Length > 0;
    }

    /// <summary>As the constructor, for an answer that may also begin to think by itself. All of its thinking together has the budget.</summary>
    /// <param name="begin">The tokens with which the model begins to think; none if it cannot by itself.</param>
    /// <param name="isThinking">Whether the answer begins within the thinking.</param>
    /// <inheritdoc cref="ThinkingBudget(int, int[], int, ITokenConstraint?, ThinkingControl?)" path="/param"/>
    internal static ThinkingBudget Of(
        int tokens, int[] begin, int[] end, int vocabulary, ITokenConstraint? inner, ThinkingControl? control, bool isThinking)
    {
        var budget = new ThinkingBudget(tokens, end, vocabulary, inner, control) { _begin = begin };
        budget._isThinking &= isThinking;
        return budget;
    }

    private ThinkingBudget(ThinkingBudget other)
    {
        (_begin, _beginMatched) = (other._begin, other._beginMatched);
        (_end, _vocabulary, _inner, _control) = (other._end, other._vocabulary, other._inner?.Fork(), other._control);
        (_left, _endMatched, _isThinking, _isForced) = (other._left, other._endMatched, other._isThinking, other._isForced);
    }

    // The budget is used up, and the thinking has not ended. What the model has begun of its end is completed.
    private bool IsEnding => _isThinking && (_isForced || _left <= 0);

    /// <inheritdoc/>
    public bool CanEnd => !IsEnding && (_inner?.CanEnd ?? true);

    /// <inheritdoc/>
    public void ComputeMask(Span<uint> mask)
    {
        if (IsEnding)
        {
            mask.Clear();
            var next = _end[_endMatched];
            mask[next >> 5] |= 1u << (next & 31);
            return;
        }

        if (_inner is not null)
        {
            _inner.ComputeMask(mask);
            return;
        }

        mask.Clear();
        mask[..(_vocabulary / 32)].Fill(uint.MaxValue);
        if (_vocabulary % 32 != 0) mask[_vocabulary / 32] = (1u << (_vocabulary % 32)) - 1;
    }

    /// <inheritdoc/>
    public bool TryAccept(int token)
    {
        if ((uint)token >= (uint)_vocabulary || (IsEnding && token != _end[_endMatched])) return false;
        if (_inner is not null && !_inner.TryAccept(token)) return false;
        if (!_isThinking)
        {
            MatchBegin(token);
            return true;
        }

        _isForced |= IsEnding;
        // Only here, so that a mask is still right when its token comes.
        _left = _control is { IsEnded: true } ? 0 : _left - 1;
        _endMatched = token == _end[_endMatched] ? _endMatched + 1 : token == _end[0] ? 1 : 0;
        if (_endMatched == _end.Length) (_isThinking, _isForced, _endMatched, _beginMatched) = (false, false, 0, 0);
        return true;
    }

    private void MatchBegin(int token)
    {
        if (_begin.Length == 0) return;
        _beginMatched = token == _begin[_beginMatched] ? _beginMatched + 1 : token == _begin[0] ? 1 : 0;
        if (_beginMatched == _begin.Length) (_isThinking, _beginMatched) = (_end.Length > 0, 0);
    }

    /// <inheritdoc/>
    public int ForcedTokens(Span<int> tokens)
    {
        if (!IsEnding) return _isThinking ? 0 : _inner?.ForcedTokens(tokens) ?? 0;
        var rest = _end.AsSpan(_endMatched);
        var count = Math.Min(rest.Length, tokens.Length);
        rest[..count].CopyTo(tokens);
        return count;
    }

    /// <inheritdoc/>
    public ITokenConstraint Fork() => new ThinkingBudget(this);
}

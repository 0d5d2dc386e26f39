using ArchGen.Runtime.Sampling;

namespace ArchGen.Runtime.Scheduling;

/// <summary>Chooses the tokens of one answer: by its sampler, among those that its constraint allows.</summary>
/// <param name="options">The options of the sampler.</param>
/// <param name="constraint">The constraint, which is the answer's own; null for none.</param>
/// <param name="vocabulary">The number of tokens.</param>
internal sealed class TokenChooser(SamplerOptions options, ITokenConstraint? constraint, int vocabulary)
{
    private readonly Sampler _sampler = new(options, vocabulary);
    private readonly uint[] _mask = constraint is null ? [] : new uint[(vocabulary + 31) / 32];
    private readonly float[] _allowed = constraint is null ? [] : new float[vocabulary];

    /// <summary>Counts a token of the prompt.</summary>
    public void AcceptPrompt(int token) => _sampler.Accept(token);

    /// <summary>Chooses the next token; -1 if the constraint allows none because the text is complete.</summary>
    /// <param name="logits">The logits of the vocabulary.</param>
    /// <exception cref="ArchGenException">No token is possible, or a logit is not a number.</exception>
    public int Choose(ReadOnlySpan<float> logits)
    {
        if (constraint is null) return _sampler.Sample(logits);
        constraint.ComputeMask(_mask);
        var any = false;
        for (var token = 0; token < logits.Length; token++)
        {
            var isAllowed = (_mask[token >> 5] >> (token & 31) & 1) != 0;
            _allowed[token] = isAllowed ? logits[token] : float.NegativeInfinity;
            any |= isAllowed;
        }

        if (any) return _sampler.Sample(_allowed);
        return constraint.CanEnd ? -1 : throw new RequestException("The constraint allows no token and no end here. Change the grammar or the schema.");
    }

    /// <summary>Counts a token of the answer.</summary>
    /// <param name="token">The token.</param>
    /// <param name="isEnd">Whether it ends the answer, and so is not part of the constrained text.</param>
    /// <exception cref="ArchGenException">The constraint does not accept a token that it allowed.</exception>
    public void Accept(int token, bool isEnd)
    {
        _sampler.Accept(token);
        if (isEnd || constraint is null || constraint.TryAccept(token)) return;
        throw new ArchGenException($"The constraint allowed token {token} and does not accept it. This is an error of the constraint.");
    }

    /// <summary>The tokens that must follow; their number.</summary>
    public int Forced(Span<int> tokens) => constraint?.ForcedTokens(tokens) ?? 0;
}

using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Tokenizers;

namespace ArchGen.Runtime.Scheduling;

/// <summary>
/// Chooses the tokens of one answer: by its sampler, among those that its constraint allows. What is allowed does not depend on the logits, so another thread
/// finds it while they are computed.
/// </summary>
internal sealed class TokenChooser : IThreadPoolWorkItem
{
    private const int Idle = 0, Queued = 1, Running = 2, Done = 3;

    private readonly Sampler _sampler;
    private readonly ITokenConstraint? _constraint;
    private readonly uint[] _mask;
    private Exception? _failure;
    private int _state;

    /// <summary>Prepares the choice.</summary>
    /// <param name="options">The options of the sampler.</param>
    /// <param name="constraint">The constraint, which is the answer's own; null for none.</param>
    /// <param name="workspace">The memory that the samplers of all answers use, one after the other.</param>
    /// <param name="tokenizer">The tokenizer; null if the options need none.</param>
    public TokenChooser(SamplerOptions options, ITokenConstraint? constraint, SamplerWorkspace workspace, Tokenizer? tokenizer)
    {
        _sampler = new(options, workspace, tokenizer);
        _constraint = constraint;
        _mask = constraint is null ? [] : new uint[workspace.Mask.Length];
    }

    /// <summary>How likely the last chosen token and others were; null if that is not wanted.</summary>
    public TokenProbabilities? Probabilities =>
        _sampler.Chosen is { } chosen ? new TokenProbabilities(chosen, _sampler.Likeliest.ToArray()) : null;

    /// <summary>Counts a token of the prompt.</summary>
    public void AcceptPrompt(int token) => _sampler.Accept(token);

    /// <summary>Lets another thread find the tokens that may come next.</summary>
    public void Prepare()
    {
        if (_constraint is null) return;
        Settle();
        Volatile.Write(ref _state, Queued);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Chooses the next token; -1 if the constraint allows none because the text is complete.</summary>
    /// <param name="logits">The logits of the vocabulary.</param>
    /// <exception cref="ArchGenException">No token is possible, or a logit is not a number.</exception>
    public int Choose(ReadOnlySpan<float> logits)
    {
        if (_constraint is null) return _sampler.Sample(logits);
        // Where no thread was free, this one does it.
        Settle();
        if (_state != Done) ComputeMask();
        _state = Idle;
        if (_failure is not null) throw _failure;
        if (!_mask.AsSpan().ContainsAnyExcept(0u))
            return _constraint.CanEnd ? -1 : throw new RequestException("The constraint allows no token and no end here. Change the grammar or the schema.");
        return _sampler.Sample(logits, _mask);
    }

    /// <summary>Counts a token of the answer.</summary>
    /// <param name="token">The token.</param>
    /// <param name="isEnd">Whether it ends the answer, and so is not part of the constrained text.</param>
    /// <exception cref="ArchGenException">The constraint does not accept a token that it allowed.</exception>
    public void Accept(int token, bool isEnd)
    {
        _sampler.Accept(token);
        if (isEnd || _constraint is null || _constraint.TryAccept(token)) return;
        throw new ArchGenException($"The constraint allowed token {token} and does not accept it. This is an error of the constraint.");
    }

    /// <summary>The tokens that must follow; their number.</summary>
    public int Forced(Span<int> tokens) => _constraint?.ForcedTokens(tokens) ?? 0;

    void IThreadPoolWorkItem.Execute()
    {
        if (Interlocked.CompareExchange(ref _state, Running, Queued) != Queued) return;
        ComputeMask();
        Volatile.Write(ref _state, Done);
    }

    // Afterwards no other thread uses the constraint.
    private void Settle()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Queued) == Queued) return;
        var wait = new SpinWait();
        while (Volatile.Read(ref _state) == Running) wait.SpinOnce(sleep1Threshold: -1);
    }

    private void ComputeMask()
    {
        _failure = null;
        try
        {
            _constraint!.ComputeMask(_mask);
        }
        catch (Exception error)
        {
            _failure = error;
        }
    }
}

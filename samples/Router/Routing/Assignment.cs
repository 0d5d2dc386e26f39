namespace ArchGen.Samples.Router.Routing;

/// <summary>Why a replica was chosen.</summary>
public enum AssignmentReason
{
    /// <summary>It is the only one.</summary>
    Only,

    /// <summary>It has the beginning of the prompt.</summary>
    Prefix,

    /// <summary>It has the least to do, and none has much of the prompt.</summary>
    LeastLoad,

    /// <summary>It has the least to do, and the one with the prompt has far more.</summary>
    Imbalance,
}

/// <summary>A request that was given to a replica. It counts as its load until it is disposed of.</summary>
public sealed class Assignment : IDisposable
{
    private PrefixRouter? _router;

    internal Assignment(PrefixRouter router, Replica replica, AssignmentReason reason, ulong[] chain, int hit, long lastUse, long work)
    {
        _router = router;
        (Target, Reason, Chain, Hit, LastUse, Work) = (replica, reason, chain, hit, lastUse, work);
    }

    /// <summary>The name of the replica.</summary>
    public string Replica => Target.Name;

    /// <summary>Why it was chosen.</summary>
    public AssignmentReason Reason { get; }

    /// <summary>Blocks of the prompt.</summary>
    public int Blocks => Chain.Length;

    /// <summary>Blocks of the prompt that the replica is believed to have.</summary>
    public int Hit { get; }

    internal Replica Target { get; }

    internal ulong[] Chain { get; }

    internal long LastUse { get; }

    internal long Work { get; }

    /// <summary>Takes what the replica says of its cache.</summary>
    /// <param name="cachedTokens">Tokens of the prompt that it had.</param>
    /// <param name="promptTokens">Tokens of the prompt; null if it did not say.</param>
    /// <param name="answerTokens">Tokens of the answer; null if it did not say.</param>
    public void Report(int cachedTokens, int? promptTokens, int? answerTokens = null) => _router?.Correct(this, cachedTokens, promptTokens, answerTokens);

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _router, null)?.End(this);
}

namespace ArchGen.Samples.Router.Routing;

/// <summary>What the router knows of a replica.</summary>
internal sealed class Replica(string name, int maxBlocks)
{
    private readonly PrefixIndex _index = new(maxBlocks);

    public string Name => name;

    public PrefixIndex Index => _index;

    /// <summary>Requests that were sent to it and have not ended.</summary>
    public int Requests { get; set; }

    /// <summary>The blocks of prompts and answers that it has to compute for them.</summary>
    public long QueuedBlocks { get; set; }

    public long SentRequests { get; set; }

    public long SentBlocks { get; set; }

    public long ExpectedBlocks { get; set; }

    public long PromptTokens { get; set; }

    public long CachedTokens { get; set; }
}

/// <summary>The state of a replica at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Requests">Requests that were sent to it and have not ended.</param>
/// <param name="QueuedBlocks">Blocks that it has to compute for them.</param>
/// <param name="KnownBlocks">Blocks that it is believed to have in its cache.</param>
/// <param name="SentRequests">All requests that were sent to it.</param>
/// <param name="SentBlocks">Blocks of their prompts.</param>
/// <param name="ExpectedBlocks">Those of them that it was believed to have.</param>
/// <param name="PromptTokens">Tokens of prompts, as it counted them.</param>
/// <param name="CachedTokens">Those of them that it had in its cache.</param>
public sealed record ReplicaState(
    string Name, int Requests, long QueuedBlocks, int KnownBlocks, long SentRequests, long SentBlocks, long ExpectedBlocks, long PromptTokens,
    long CachedTokens);

namespace ArchGen.Samples.Router.Routing;

/// <summary>How a replica is chosen.</summary>
public sealed record RoutingOptions
{
    /// <summary>Characters of a block of a prompt. Defaults to 256, about 64 tokens.</summary>
    public int BlockCharacters { get; init; } = 256;

    /// <summary>
    /// Blocks that are remembered of each replica at most; where a replica turns out to have fewer, fewer. Defaults to 16384, about a million tokens.
    /// </summary>
    public int MaxBlocks { get; init; } = 16_384;

    /// <summary>Blocks of a prompt that are compared at most; what follows is not looked at. Defaults to 4096.</summary>
    public int MaxPromptBlocks { get; init; } = 4096;

    /// <summary>The work of an answer, in blocks of prompt that take as long. Defaults to 1.</summary>
    public int AnswerBlocks { get; init; } = 1;

    /// <summary>The share of its blocks that a replica must have of a prompt to be preferred to the one with the least load. Defaults to 0.5.</summary>
    public double MinHit { get; init; } = 0.5;

    /// <summary>Blocks that a replica may have to compute more than the one with the least load, to be preferred to it. Defaults to 256.</summary>
    public int MaxImbalance { get; init; } = 256;
}

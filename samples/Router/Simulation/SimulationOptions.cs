using ArchGen.Samples.Router.Routing;

namespace ArchGen.Samples.Router.Simulation;

/// <summary>The replicas and conversations of a simulation. Times are in seconds. The defaults are those of a small model on a few cores.</summary>
public sealed record SimulationOptions
{
    /// <summary>The number of replicas.</summary>
    public int Replicas { get; init; } = 4;

    /// <summary>Answers that a replica computes at the same time; others wait.</summary>
    public int Slots { get; init; } = 8;

    /// <summary>Tokens of prompts that a replica computes per second.</summary>
    public double PrefillRate { get; init; } = 500;

    /// <summary>Tokens of a single answer that a replica generates per second.</summary>
    public double DecodeRate { get; init; } = 25;

    /// <summary>What each further answer adds to the rate of one.</summary>
    public double BatchGain { get; init; } = 0.3;

    /// <summary>The share of a replica's time that prompts get while answers are being generated.</summary>
    public double PrefillShare { get; init; } = 0.75;

    /// <summary>Tokens that a replica's prefix cache holds.</summary>
    public int CacheTokens { get; init; } = 24_576;

    /// <summary>Tokens of a block, by which caches and the router count.</summary>
    public int BlockTokens { get; init; } = 64;

    /// <summary>Conversations for each replica.</summary>
    public int ConversationsPerReplica { get; init; } = 40;

    /// <summary>Conversations that begin per second and replica.</summary>
    public double ConversationRate { get; init; } = 0.03;

    /// <summary>Turns of a conversation.</summary>
    public int Turns { get; init; } = 8;

    /// <summary>Tokens at the beginning of every conversation, the same in all.</summary>
    public int SystemTokens { get; init; } = 256;

    /// <summary>Tokens of the first message, such as a document. Half to one and a half times as many.</summary>
    public int FirstTokens { get; init; } = 600;

    /// <summary>Tokens of a further message. Half to one and a half times as many.</summary>
    public int MessageTokens { get; init; } = 60;

    /// <summary>Tokens of an answer. Half to one and a half times as many.</summary>
    public int AnswerTokens { get; init; } = 80;

    /// <summary>The mean time from an answer to the next message.</summary>
    public double ThinkSeconds { get; init; } = 20;

    /// <summary>How the router chooses.</summary>
    public RoutingOptions Routing { get; init; } = new();

    /// <summary>The seed of lengths and times.</summary>
    public int Seed { get; init; } = 1;
}

namespace ArchGen.Runtime.Generation;

/// <summary>Why generation ended.</summary>
public enum StopReason
{
    /// <summary>It has not ended, or was not read to its end.</summary>
    None,

    /// <summary>The model chose an end-of-generation token.</summary>
    EndOfGeneration,

    /// <summary>The requested number of tokens.</summary>
    TokenLimit,

    /// <summary>No place is left in the context.</summary>
    ContextFull,

    /// <summary>A stop text was generated.</summary>
    StopText,
}

/// <summary>The times of a generation, without the time that the reader of the tokens takes.</summary>
public sealed class GenerationStatistics
{
    /// <summary>Tokens of the prompt.</summary>
    public int PromptTokens { get; internal set; }

    /// <summary>Seconds until the prompt was computed.</summary>
    public double PromptSeconds { get; internal set; }

    /// <summary>Tokens generated, an end token included.</summary>
    public int GeneratedTokens { get; internal set; }

    /// <summary>Seconds from the end of the prompt to the last token.</summary>
    public double GenerationSeconds { get; internal set; }

    /// <summary>Tokens of drafts: see <see cref="Speculation.SpeculationOptions"/>.</summary>
    public int DraftTokens { get; internal set; }

    /// <summary>Tokens of drafts that were accepted.</summary>
    public int AcceptedTokens { get; internal set; }

    /// <summary>Why it ended.</summary>
    public StopReason StopReason { get; internal set; }

    /// <summary>Tokens of the prompt per second.</summary>
    public double PromptTokensPerSecond => PromptTokens / Math.Max(PromptSeconds, 1e-9);

    /// <summary>Tokens generated per second. The first one is not counted: the prompt gives it.</summary>
    public double TokensPerSecond => Math.Max(0, GeneratedTokens - 1) / Math.Max(GenerationSeconds, 1e-9);
}

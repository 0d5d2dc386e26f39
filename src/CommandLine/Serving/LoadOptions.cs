namespace ArchGen.CommandLine.Serving;

/// <summary>What <c>archgen bench-serve</c> sends to a server.</summary>
internal sealed record LoadOptions
{
    /// <summary>The address of the server, without the path of an endpoint.</summary>
    public required Uri Server { get; init; }

    /// <summary>The model to request; null for the first that the server lists.</summary>
    public string? Model { get; init; }

    /// <summary>The key, sent as a bearer token; null for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Whether prompts are messages of <c>/v1/chat/completions</c>, and not texts of <c>/v1/completions</c>.</summary>
    public bool IsChat { get; init; } = true;

    /// <summary>Tokens of a prompt, in the server's count.</summary>
    public int PromptTokens { get; init; } = 512;

    /// <summary>Tokens of an answer at most.</summary>
    public int AnswerTokens { get; init; } = 64;

    /// <summary>The share of its words that each prompt has in common with all others, at its beginning: 0 to 1.</summary>
    public double PrefixShare { get; init; }

    /// <summary>Requests of a row; null for eight for each that is open at the same time.</summary>
    public int? Requests { get; init; }

    /// <summary>Requests per second that begin, whether or not earlier ones have ended; null to begin one when another ends.</summary>
    public double? Rate { get; init; }

    /// <summary>
    /// The shape of the gamma distribution of the times between two requests: 1 is a Poisson process, below it they come in bursts, above it more evenly.
    /// </summary>
    public double Burstiness { get; init; } = 1;

    /// <summary>The seed of the words and of the times.</summary>
    public int Seed { get; init; }

    /// <summary>Requests before the first row that are not measured.</summary>
    public int Warmup { get; init; } = 1;

    /// <summary>Whether the server is asked to generate all tokens of an answer (<c>ignore_eos</c>).</summary>
    public bool IgnoresEnd { get; init; }

    /// <summary>The temperature; null for the server's.</summary>
    public double? Temperature { get; init; }

    /// <summary>The time after which a request has failed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The clock that measures. Defaults to the system's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The number of requests of a row with so many at the same time.</summary>
    public int RequestsOf(int concurrency) => Requests ?? checked(8 * concurrency);
}

using ArchGen.Extensions.AI;
using ArchGen.Runtime.Sampling;
using ArchGen.Server.Generation;

namespace ArchGen.Server;

/// <summary>A model that is served.</summary>
public sealed class ServedModelOptions
{
    /// <summary>How it is opened; its <see cref="ArchGenOptions.ModelId"/> is the name under which it is listed.</summary>
    public ArchGenOptions Model { get; } = new();

    /// <summary>Further names under which it can be requested. Defaults to none.</summary>
    public IList<string> Aliases { get; } = [];

    /// <summary>Words that describe it in lists of models. Defaults to none.</summary>
    public IList<string> Tags { get; } = [];

    /// <summary>Changes the sampler that the model's file recommends, for requests that say nothing else; by default nothing.</summary>
    public Func<SamplerOptions, SamplerOptions> Sampling { get; set; } = sampling => sampling;

    /// <summary>Where answers have what the model thought, for requests that say nothing else. Defaults to a field of its own.</summary>
    public ReasoningFormat ReasoningFormat { get; set; }

    /// <summary>Whether the model thinks, for requests that say nothing else. Defaults (null) to what its template does by itself.</summary>
    public bool? EnableThinking { get; set; }

    /// <summary>Tokens of thinking at most, for requests that say nothing else. Defaults (null) to no limit.</summary>
    public int? ThinkingBudget { get; set; }

    /// <summary>Tokens that an answer has at most, whatever a request says. Defaults (null) to as many as the context holds.</summary>
    public int? MaxTokens { get; set; }
}

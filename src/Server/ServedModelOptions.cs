using System.Text.Json;
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

    /// <summary>Further variables of the chat template, as an object; those of a request go before them. Defaults (null) to none.</summary>
    public JsonElement? TemplateVariables { get; set; }

    /// <summary>
    /// Whether a continuation (<c>/completion</c>, <c>/infill</c>) goes on when the context is full: then half of its tokens are left out, and the answer says
    /// that it is truncated. Defaults to false: it ends.
    /// </summary>
    public bool ShiftsContext { get; set; }

    /// <summary>LoRA adapters of the model, at most 4. Requests can switch each of them on and off. Defaults to none.</summary>
    public IList<ServedAdapter> Adapters { get; } = [];

    /// <summary>Whether the adapters are on for requests that say nothing. Defaults to true.</summary>
    public bool AppliesAdapters { get; set; } = true;

    /// <summary>Tokens of an answer at most, for requests that do not say it. Defaults (null) to as many as the context holds.</summary>
    public int? MaxTokens { get; set; }
}

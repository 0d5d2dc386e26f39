using System.Text.Json;
using ArchGen.Extensions.AI;
using ArchGen.Runtime.Sampling;

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

    /// <summary>
    /// Whether the model thinks before it answers, for requests that do not say it, if its template can tell it so. Defaults (null) to what the template does
    /// by itself.
    /// </summary>
    public bool? EnablesThinking { get; set; }

    /// <summary>Tokens of thinking at most, for requests that do not say it; then it is ended. Defaults (null) to no limit.</summary>
    public int? ThinkingBudget { get; set; }

    /// <summary>
    /// Whether what the model thinks is apart from its answer (<c>reasoning_content</c>), for requests that do not say it. Defaults to true; otherwise it is
    /// left in the text.
    /// </summary>
    public bool SplitsReasoning { get; set; } = true;

    /// <summary>Further variables of the chat template, as an object; those of a request go before them. Defaults (null) to none.</summary>
    public JsonElement? TemplateVariables { get; set; }

    /// <summary>LoRA adapters of the model, at most 4. Requests can switch each of them on and off. Defaults to none.</summary>
    public IList<ServedAdapter> Adapters { get; } = [];

    /// <summary>Whether the adapters are on for requests that say nothing. Defaults to true.</summary>
    public bool AppliesAdapters { get; set; } = true;

    /// <summary>Tokens of an answer at most, for requests that do not say it. Defaults (null) to as many as the context holds.</summary>
    public int? MaxTokens { get; set; }
}

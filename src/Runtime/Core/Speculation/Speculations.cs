using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;

namespace ArchGen.Runtime.Speculation;

/// <summary>Makes what drafts for a context.</summary>
internal static class Speculations
{
    /// <summary>Makes the drafts of a sequence; null for none.</summary>
    /// <param name="model">The model.</param>
    /// <param name="context">Its context.</param>
    /// <param name="contextOptions">The options of the context.</param>
    /// <param name="options">The drafts that are wanted.</param>
    /// <param name="obstacle">Why there are none although they were asked for by name; null otherwise.</param>
    /// <exception cref="RequestException">The smaller model does not fit.</exception>
    public static Speculator? Create(
        LoadedModel model, InferenceContext context, ContextOptions contextOptions, SpeculationOptions options, out string? obstacle)
    {
        obstacle = null;
        if (options.Type == SpeculationType.None || (options.Type == SpeculationType.Automatic && !contextOptions.Backend.IsBatchInvariant)) return null;
        if (context.HasStates)
        {
            if (options.Type != SpeculationType.Automatic)
                obstacle = $"{model.Architecture.Name} is recurrent and cannot take back drafted tokens, so that none are drafted.";
            return null;
        }

        return new Speculator(options.Type == SpeculationType.Draft ? DraftModel(model, contextOptions, options) : new NGramDraftSource(), options);
    }

    private static ModelDraftSource DraftModel(LoadedModel model, ContextOptions context, SpeculationOptions options) =>
        new(options.DraftModel!, model, context with { Backend = options.DraftBackend ?? context.Backend, Placement = null, Adapters = [] });
}

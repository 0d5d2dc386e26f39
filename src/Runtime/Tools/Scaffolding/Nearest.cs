using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Tools.Conversion;

namespace ArchGen.Tools.Scaffolding;

/// <summary>
/// The built-in architecture that is most like a checkpoint, found by names, shapes and config.json. Of several that fit as well, the one that implements the
/// checkpoint's class counts, and else the one that implements most classes: the forward passes of such architectures differ in what tensors do not show.
/// </summary>
/// <param name="Architecture">The architecture.</param>
/// <param name="Fits">Whether a checkpoint of it may have exactly these tensors, with these shapes, and all of its keys that are required.</param>
/// <param name="Class">The class of transformers as which it was read.</param>
/// <param name="Problem">What does not fit, in one message; null if it fits.</param>
/// <param name="Unknown">The keys of config.json with their values that the architecture does not know.</param>
/// <param name="Score">The share of the tensors' names that they have in common: 0 to 1.</param>
/// <param name="Others">The names of other architectures that fit as well.</param>
public sealed record Nearest(
    ArchitectureInfo Architecture, bool Fits, string Class, string? Problem, IReadOnlyList<(string Key, string Value)> Unknown, double Score,
    IReadOnlyList<string> Others)
{
    // What has fewer names in common than the best by this much is no base.
    private const double Margin = 0.15;

    /// <summary>Finds it.</summary>
    /// <param name="checkpoint">An open checkpoint.</param>
    /// <param name="patterns">Its tensors.</param>
    /// <param name="catalog">The architectures that are known: at least one.</param>
    internal static Nearest Of(Checkpoint checkpoint, IReadOnlyList<TensorPattern> patterns, IReadOnlyList<ArchitectureInfo> catalog)
    {
        var className = new CheckpointConfig(checkpoint.Config, "config.json").Class ?? "";
        var names = patterns.Select(p => KnownTensors.Bare(p.Name)).ToHashSet(StringComparer.Ordinal);
        var ranked = catalog.Where(a => a.HuggingFaceClasses.Count > 0)
            .Select(a => (Architecture: a, Score: ScoreOf(names, a))).ToList();
        var best = ranked.Max(r => r.Score);
        var tried = ranked.Where(r => r.Score >= best - Margin || Implements(r.Architecture))
            .SelectMany(r => Classes(r.Architecture).Select(c => Try(checkpoint, r.Architecture, c, r.Score)));
        var ordered = tried.OrderByDescending(t => t.Fits).ThenBy(t => t.Fits ? t.Unknown.Count : 0).ThenByDescending(t => Implements(t.Architecture))
            .ThenByDescending(t => t.Fits ? t.Architecture.HuggingFaceClasses.Count : 0).ThenByDescending(t => t.Score)
            .ThenBy(t => t.Architecture.Name, StringComparer.Ordinal).ToList();
        var first = ordered[0];
        var others = ordered.Where(t => t.Fits && t.Unknown.Count == first.Unknown.Count).Select(t => t.Architecture.Name).Distinct();
        return first with { Others = first.Fits ? [.. others.Where(name => name != first.Architecture.Name).Order(StringComparer.Ordinal)] : [] };

        bool Implements(ArchitectureInfo architecture) => architecture.HuggingFaceClasses.Contains(className);

        // What a class adds to an architecture is seldom more than defaults: the checkpoint's own, or the first.
        IEnumerable<string> Classes(ArchitectureInfo architecture) => Implements(architecture) ? [className] : architecture.HuggingFaceClasses.Take(1);
    }

    // Twice what both have, over what each has: a tensor too many counts as much as one that is missing.
    private static double ScoreOf(HashSet<string> names, ArchitectureInfo architecture)
    {
        var own = architecture.Tensors.Where(t => t.HuggingFace.Count > 0).ToList();
        var common = own.SelectMany(t => t.HuggingFace.Select(KnownTensors.Bare)).Where(names.Contains).Distinct().Count();
        var required = own.Count(t => !t.Optional);
        var missing = own.Count(t => !t.Optional && !t.HuggingFace.Any(name => names.Contains(KnownTensors.Bare(name))));
        return 2.0 * common / (names.Count + Math.Max(common, required) + missing);
    }

    private static Nearest Try(Checkpoint checkpoint, ArchitectureInfo architecture, string className, double score)
    {
        var config = new CheckpointConfig(checkpoint.Config, Path.Combine(checkpoint.Folder, "config.json"));
        var unknown = new List<(string, string)>();
        string? problem = null;
        try
        {
            Bind(checkpoint, architecture, className, config, (key, value) => unknown.Add((key, value)));
        }
        catch (Exception error) when (error is ArchGenException or ShapeException or OverflowException or ArgumentException)
        {
            problem = error.Message;
        }

        return new(architecture, problem is null, className, problem, unknown, score, []);
    }

    /// <summary>Reads a checkpoint as that of an architecture, whatever keys of config.json it does not know.</summary>
    /// <exception cref="ModelFileException">Tensors are missing, left over or of another shape, or a key has not the value that is assumed.</exception>
    internal static void Bind(Checkpoint checkpoint, ArchitectureInfo architecture, string className) =>
        Bind(checkpoint, architecture, className, new CheckpointConfig(checkpoint.Config, "config.json"), static (_, _) => { });

    // As conversion does it, without a tokenizer and without weights.
    private static void Bind(
        Checkpoint checkpoint, ArchitectureInfo architecture, string className, CheckpointConfig config, Action<string, string> unknown)
    {
        config.Complete(architecture.Conversion.Defaults, className);
        var metadata = new GgufMetadata(checkpoint.Folder);
        var translator = new HyperParameterTranslator(architecture, config, className) { Unknown = unknown };
        translator.Translate(metadata, []);
        var vocabulary = checkpoint.Tensors.Where(t => t.Shape.Count == 2 && IsEmbedding(t.Name)).Select(t => t.Shape[0]).DefaultIfEmpty(0).Max();
        metadata[$"{architecture.Name}.vocab_size"] = GgufValue.From((uint)vocabulary);
        var model = architecture.Create();
        var weights = checkpoint.Tensors.ToDictionary(t => t.Name, Weights (t) => new CheckpointWeights(t), StringComparer.Ordinal);
        var source = new CheckpointSource(checkpoint.Folder, weights, architecture, model, metadata, translator.RopeFactors);
        var trained = new TrainedKeys(architecture, source).AddTo(metadata);
        model.Converted = config;
        new CheckpointDifference(checkpoint, architecture, className, source, ModelLoader.Bind(model, source), trained).Check(config);
    }

    /// <summary>Whether a tensor is the embedding of tokens, by its name.</summary>
    internal static bool IsEmbedding(string name) =>
        (name is "shared.weight" || name.Contains("emb", StringComparison.OrdinalIgnoreCase) || name.Contains("wte", StringComparison.Ordinal))
        && !name.Contains("position", StringComparison.Ordinal) && !name.Contains("type", StringComparison.Ordinal);
}

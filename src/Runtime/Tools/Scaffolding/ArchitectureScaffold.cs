using System.Text.Json;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Tools.Conversion;

namespace ArchGen.Tools.Scaffolding;

/// <summary>
/// The first draft of an architecture file, from a checkpoint's config.json and the headers of its weights: every tensor with a symbolic shape that holds
/// in all layers, every key of config.json as a hyper-parameter or a question, and the forward pass of the nearest built-in architecture.
/// </summary>
public sealed class ArchitectureScaffold
{
    // What a declaration reads without naming it, and what the draft's forward pass is written by.
    private static readonly string[] ReadAnyway =
    [
        "rms_norm_eps", "layer_norm_epsilon", "layer_norm_eps", "norm_eps", "norm_epsilon", "rope_theta", "rope_parameters", "rope_scaling",
        "hidden_act", "hidden_activation", "activation_function", "mlp_hidden_act", "norm_topk_prob", "scoring_func", "score_func", "scoring_function",
    ];

    // How classes end whose result is logits.
    private const string Generating = "ForCausalLM";

    private ArchitectureScaffold(
        Checkpoint checkpoint, string name, Nearest nearest, ShapeSymbols symbols, IReadOnlyList<ScaffoldedTensor> tensors, CheckpointConfig config)
    {
        (Name, Nearest, Symbols, Tensors) = (name, nearest, symbols.All, tensors);
        Class = config.Class ?? ShapeSymbols.Identifier(Path.GetFileName(Path.TrimEndingDirectorySeparator(checkpoint.Folder)));
        Questions = IsVariant ? [.. nearest.Unknown.Select(Question)] : [.. Unanswered(config, symbols, tensors).Select(Question), .. Lists(symbols)];
    }

    /// <summary>The name of the class.</summary>
    public string Name { get; }

    /// <summary>The class of transformers that the checkpoint names.</summary>
    public string Class { get; }

    /// <summary>Whether a built-in architecture claims that class already.</summary>
    public bool IsClaimed { get; private init; }

    /// <summary>The class that the draft claims: that of the checkpoint, or one of its own if another has it.</summary>
    public string ClaimedClass => IsClaimed ? Name + (Class.EndsWith(Generating, StringComparison.Ordinal) ? Generating : "Model") : Class;

    /// <summary>The nearest built-in architecture.</summary>
    public Nearest Nearest { get; }

    /// <summary>Whether the nearest architecture has exactly these tensors, so that the draft is a variant of it.</summary>
    public bool IsVariant => Nearest.Fits;

    /// <summary>The hyper-parameters that shapes are written with, with their values.</summary>
    public IReadOnlyList<ShapeSymbol> Symbols { get; }

    /// <summary>The tensors.</summary>
    public IReadOnlyList<ScaffoldedTensor> Tensors { get; }

    /// <summary>What the author must answer, a sentence for each key of config.json that no declaration reads.</summary>
    public IReadOnlyList<string> Questions { get; }

    /// <summary>The C# file.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Drafts an architecture.</summary>
    /// <param name="checkpoint">An open checkpoint.</param>
    /// <param name="catalog">The architectures that it may be like: at least one.</param>
    /// <param name="name">The name of the class: an identifier of C#.</param>
    /// <param name="namespace">The namespace of the file.</param>
    /// <exception cref="ModelFileException">The checkpoint has no tensors, or a name in it cannot be written into a source file.</exception>
    public static ArchitectureScaffold Of(Checkpoint checkpoint, IReadOnlyList<ArchitectureInfo> catalog, string name, string @namespace)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(name);
        var patterns = TensorPattern.Of(checkpoint);
        if (patterns.Count == 0) throw new ModelFileException($"{checkpoint.Folder} has no tensors. Name a folder with the weights of a model.");
        var config = new CheckpointConfig(checkpoint.Config, Path.Combine(checkpoint.Folder, "config.json"));
        var rows = checkpoint.Tensors.Where(t => t.Shape.Count == 2 && Nearest.IsEmbedding(t.Name)).Select(t => t.Shape[0]).DefaultIfEmpty(0).Max();
        var symbols = ShapeSymbols.Of(config, rows > 0 ? rows : null);
        CheckNames(checkpoint, symbols, config);
        var nearest = Nearest.Of(checkpoint, patterns, catalog);
        var solver = new ShapeSolver(symbols, new KnownTensors(catalog));
        var declarations = new TensorDeclarations(solver, nearest.Architecture.Name, HasKey(config, "rms"));
        var scaffold = new ArchitectureScaffold(checkpoint, name, nearest, symbols, declarations.Of(patterns), config)
        {
            IsClaimed = config.Class is { } claimed && catalog.Any(a => a.HuggingFaceClasses.Contains(claimed)),
        };
        var writer = new ArchitectureWriter(scaffold, config);
        scaffold.Text = scaffold.IsVariant ? writer.Variant(@namespace) : writer.Whole(@namespace);
        return scaffold;
    }

    // They become texts and comments of a source file that somebody will compile.
    private static void CheckNames(Checkpoint checkpoint, ShapeSymbols symbols, CheckpointConfig config)
    {
        // A list's elements have their numbers in the path. What is ignored is not written: labels have any names.
        var keys = config.Unread().Where(leaf => !ShapeSymbols.IsIgnored(leaf.Key)).Select(leaf => leaf.Path).Concat(symbols.All.Select(s => s.Key ?? ""));
        var wrong = checkpoint.Tensors.Select(t => t.Name).FirstOrDefault(name => !HasOnly(name, "_.-"))
            ?? keys.FirstOrDefault(key => !HasOnly(key, "_.-[]"))
            ?? (config.Class is { } claimed && (!HasOnly(claimed, "_") || claimed.Length == 0 || char.IsAsciiDigit(claimed[0])) ? claimed : null);
        if (wrong is null) return;
        throw new ModelFileException($"The name '{OnOneLine(wrong.Length > 60 ? wrong[..60] + "..." : wrong)}' of the checkpoint has characters "
            + "that no name of a tensor, key or class has. Check where it comes from.");

        static bool HasOnly(string name, string others) => name.All(c => char.IsAsciiLetterOrDigit(c) || others.Contains(c, StringComparison.Ordinal));
    }

    /// <summary>Own hyper-parameters that the shapes name, in the order of config.json.</summary>
    internal IEnumerable<ShapeSymbol> OwnSymbols() => UsedSymbols(Symbols, Tensors).Where(s => s.FileKey is not null);

    /// <summary>The symbols that shapes name.</summary>
    internal static IEnumerable<ShapeSymbol> UsedSymbols(IEnumerable<ShapeSymbol> symbols, IReadOnlyList<ScaffoldedTensor> tensors)
    {
        var named = tensors.SelectMany(t => DimParser.ParseShape(t.Shape).SelectMany(d => d.Symbols)).ToHashSet(StringComparer.Ordinal);
        return symbols.Where(s => named.Contains(s.Name));
    }

    private static IEnumerable<(string Key, string Value)> Unanswered(CheckpointConfig config, ShapeSymbols symbols, IReadOnlyList<ScaffoldedTensor> tensors)
    {
        var used = UsedSymbols(symbols.All, tensors).Concat(symbols.All.Where(s => s.IsUsual)).Select(s => s.Key).ToHashSet(StringComparer.Ordinal);
        return config.Unread()
            .Where(leaf => !used.Contains(leaf.Key) && !ShapeSymbols.IsIgnored(leaf.Key) && !IsOff(leaf.Key, leaf.Value)
                && !ReadAnyway.Any(key => CheckpointConfig.IsNamed(key, leaf.Key)))
            .Select(leaf => (leaf.Path, CheckpointConfig.Text(leaf.Value)));
    }

    private static IEnumerable<string> Lists(ShapeSymbols symbols) => symbols.All
        .Where(s => s.IsUsual && s.Values.Count > 1 && s.Name is not ("Ff" or "Heads" or "KvHeads"))
        .Select(s => $"{s.Key} is a list in config.json, and {s.Name} is one number. Is it the same in all layers?");

    private static bool IsOff(string key, JsonElement value) =>
        CommonConfig.Off.FirstOrDefault(off => off.Keys.Any(pattern => CheckpointConfig.IsNamed(pattern, key))).Values is { } values
        && values.Split('|').Contains(CheckpointConfig.Text(value), StringComparer.Ordinal);

    private static bool HasKey(CheckpointConfig config, string part) =>
        config.Unread().Any(leaf => leaf.Key.Contains(part, StringComparison.Ordinal) && leaf.Key.Contains("eps", StringComparison.Ordinal));

    private static string Question((string Key, string Value) key) => OnOneLine($"{key.Key} is {key.Value} in config.json. What does it change?");

    // A line separator ends a comment, too.
    private static string OnOneLine(string text) => new([.. text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)]);
}

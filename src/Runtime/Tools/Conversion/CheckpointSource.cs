using System.Text.RegularExpressions;
using ArchGen.Gguf;
using ArchGen.Runtime.Loading;

namespace ArchGen.Tools.Conversion;

/// <summary>
/// A checkpoint as the model file that it becomes: the file's keys and tensors, made from the checkpoint's when they are read. An architecture loads
/// from it as from a file, so the model can be bound, checked and even evaluated before anything is written.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class CheckpointSource : IModelSource
{
    // Prefixes that transformers adds to the names of a base model inside a model with a head, or of a text model beside a vision tower.
    private static readonly string[] _prefixes = ["language_model.", "model.language_model.", "bert.", "roberta.", "distilbert.", "transformer.", "model."];

    private readonly IReadOnlyDictionary<string, Weights> _stored;
    private readonly Model _model;
    private readonly GgufMetadata _metadata;
    private readonly RopeKind _rope;
    private readonly Dictionary<string, TensorName> _declared;
    private readonly Dictionary<string, Weights?> _made = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, float[]> _generated;
    private readonly Lazy<IReadOnlyList<string>> _names;

    /// <param name="folder">The checkpoint, for messages.</param>
    /// <param name="stored">The checkpoint's tensors, by its names.</param>
    /// <param name="architecture">The architecture, which declares the names.</param>
    /// <param name="model">The model, which declares the conversions. Its hyper-parameters must be set before the first tensor is read.</param>
    /// <param name="metadata">The file's keys.</param>
    /// <param name="generated">Tensors that are computed from the configuration.</param>
    internal CheckpointSource(
        string folder, IReadOnlyDictionary<string, Weights> stored, ArchitectureInfo architecture, Model model, GgufMetadata metadata,
        IReadOnlyDictionary<string, float[]> generated)
    {
        (FileName, _stored, _model, _metadata, _generated) = (folder, stored, model, metadata, generated);
        _rope = architecture.Conversion.Rope;
        _declared = architecture.Tensors.ToDictionary(t => t.Gguf, StringComparer.Ordinal);
        _names = new(() => [.. Names()]);
    }

    /// <inheritdoc/>
    public string FileName { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> TensorNames => _names.Value;

    /// <summary>The last step of each tensor: the order of rotary pairs, which follows from the model's graph. Defaults to no change.</summary>
    internal Func<string, Weights, Weights> Finish { get; set; } = (_, weights) => weights;

    /// <inheritdoc/>
    public long[]? FindTensor(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Find(name) is { } weights ? [.. weights.Shape] : null;
    }

    /// <inheritdoc/>
    public float[] Read(string tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var weights = Finish(tensor, Find(tensor) ?? throw new ModelFileException($"{FileName}: there is no tensor {tensor}."));
        var values = new float[checked((int)weights.ElementCount)];
        weights.Read(0, values);
        return values;
    }

    /// <inheritdoc/>
    public object? FindKey(string key) => _metadata.TryGet(key, out var value) ? GgufModelSource.Plain(value) : null;

    /// <summary>Makes the error about a missing key that the model needs, from the key and the expected value; null for the usual message.</summary>
    internal Func<string, string, ModelFileException>? MissingKey { get; init; }

    /// <inheritdoc/>
    public ModelFileException? Missing(string key, string expected) => MissingKey?.Invoke(key, expected);

    /// <inheritdoc/>
    public int? FindArrayLength(string key) => _metadata.TryGet(key, out var value) && value.IsArray ? value.Count : null;

    /// <summary>A tensor of the file, or null if the checkpoint has none for it.</summary>
    internal Weights? Find(string name)
    {
        if (_made.TryGetValue(name, out var known)) return known;
        return _made[name] = _generated.TryGetValue(name, out var values) ? new GeneratedWeights(values) : Make(name);
    }

    /// <summary>The tensors of a key that is trained: one, or one for each layer; none if the checkpoint has none.</summary>
    internal IReadOnlyList<Weights> Trained(TrainedKey key)
    {
        foreach (var name in key.Tensor.Split('|'))
        {
            var found = new List<Weights>();
            var isOfLayers = name.Contains("{i}", StringComparison.Ordinal);
            while ((isOfLayers || found.Count == 0) && Stored(name.Replace("{i}", Text(found.Count), StringComparison.Ordinal)) is { } next)
                found.Add(_model.Convert(key.Key, next));
            if (found.Count > 0) return found;
        }

        return [];
    }

    /// <summary>The possible names in the checkpoint of a tensor of the file.</summary>
    internal IReadOnlyList<string> Candidates(string name)
    {
        return Declaration(name) is { } declared ? [.. declared.HuggingFace.Select(h => h.Replace("{i}", Pattern(name).Index, StringComparison.Ordinal))] : [];
    }

    /// <summary>The architecture's declaration of a tensor, or null.</summary>
    internal TensorName? Declaration(string name) => _declared.GetValueOrDefault(Pattern(name).Pattern);

    /// <summary>Reorders rotary pairs for the kind of each rotation, if the checkpoint has another. The model must be loaded.</summary>
    internal void OrderRotaryPairs()
    {
        // Layers without rotations have the same order: it cancels in the scores, and other programs expect it everywhere.
        var rotated = _model.BuildPasses().SelectMany(graph => RotatedTensors.Of(graph, _model.RopeKind))
            .Where(t => (_rope, t.Value.Kind) is (RopeKind.HalfSplit, RopeKind.Interleaved) or (RopeKind.Interleaved, RopeKind.HalfSplit))
            .GroupBy(t => Declaration(t.Key)?.Gguf ?? t.Key)
            .ToDictionary(g => g.Key, g => g.First().Value, StringComparer.Ordinal);
        Finish = (name, weights) => Declaration(name) is not { } declared || !rotated.TryGetValue(declared.Gguf, out var head) ? weights
            : head.Kind == RopeKind.Interleaved ? weights.PairedHalves(head.HeadSize, head.Rotated)
            : weights.HalvedPairs(head.HeadSize, head.Rotated);
    }

    private Weights? Make(string name)
    {
        foreach (var candidate in Candidates(name))
        {
            if (Assemble(candidate) is { } weights) return Convert(Pattern(name).Pattern, weights);
        }

        return null;
    }

    /// <summary>Applies the declared conversions: of bare tensors by the whole name, of modules (weight and bias) by the name without suffix.</summary>
    private Weights Convert(string pattern, Weights weights)
    {
        var made = _model.Convert(pattern, weights);
        return Path.GetExtension(pattern) is ".weight" or ".bias" ? _model.Convert(Path.ChangeExtension(pattern, null), made) : made;
    }

    /// <summary>A tensor of the checkpoint; with <c>{e}</c> in its name, those of all experts stacked.</summary>
    private Weights? Assemble(string name)
    {
        if (!name.Contains("{e}", StringComparison.Ordinal)) return Stored(name);
        var experts = new List<Weights>();
        while (Stored(name.Replace("{e}", Text(experts.Count), StringComparison.Ordinal)) is { } expert) experts.Add(expert);
        return experts.Count == 0 ? null : Weights.StackedAsNew(experts);
    }

    /// <summary>A tensor by its name, or by the name that it has in a model without a head or inside a larger one; null if there is none.</summary>
    private Weights? Stored(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        string[] names = name[..Math.Max(dot, 0)] is "model" or "transformer" ? [name, name[(dot + 1)..]] : [name];
        return names.Concat(_prefixes.SelectMany(prefix => names.Select(n => prefix + n)))
            .Select(n => _stored.GetValueOrDefault(n)).FirstOrDefault(found => found is not null);
    }

    private static (string Pattern, string Index) Pattern(string name)
    {
        var index = Regex.Match(name, @"(?<=\.)\d+(?=\.)");
        return index.Success ? (name[..index.Index] + "{i}" + name[(index.Index + index.Length)..], index.Value) : (name, "");
    }

    private IEnumerable<string> Names()
    {
        var layers = 1 + _stored.Keys.SelectMany(name => name.Split('.'))
            .Select(part => int.TryParse(part, out var number) && number < 100_000 ? number : -1).DefaultIfEmpty(-1).Max();
        foreach (var pattern in _declared.Keys)
        {
            if (!pattern.Contains("{i}", StringComparison.Ordinal))
            {
                if (Find(pattern) is not null) yield return pattern;
                continue;
            }

            for (var i = 0; i < layers; i++)
            {
                var name = pattern.Replace("{i}", Text(i), StringComparison.Ordinal);
                if (Find(name) is not null) yield return name;
            }
        }
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

using System.Text.RegularExpressions;
using ArchGen.Checkpoints;
using ArchGen.Gguf;
using ArchGen.Loading;

namespace ArchGen.Conversion;

/// <summary>
/// A checkpoint as the model file that it becomes: the file's keys and tensors, made from the checkpoint's when they are asked for. An architecture
/// loads from it as from a file, and so binds, checks and even computes before anything is written.
/// </summary>
public sealed class CheckpointSource : IModelSource
{
    private readonly Checkpoint _checkpoint;
    private readonly Model _model;
    private readonly GgufMetadata _metadata;
    private readonly Dictionary<string, TensorName> _declared;
    private readonly Dictionary<string, Weights?> _made = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, float[]> _generated;
    private readonly Lazy<IReadOnlyList<string>> _names;

    internal CheckpointSource(
        Checkpoint checkpoint, ArchitectureInfo architecture, Model model, GgufMetadata metadata, IReadOnlyDictionary<string, float[]> generated)
    {
        (_checkpoint, _model, _metadata, _generated) = (checkpoint, model, metadata, generated);
        _declared = architecture.Tensors.ToDictionary(t => t.Gguf, StringComparer.Ordinal);
        _names = new(() => [.. Names()]);
    }

    /// <inheritdoc/>
    public string FileName => _checkpoint.Folder;

    /// <inheritdoc/>
    public IReadOnlyList<string> TensorNames => _names.Value;

    /// <summary>What is done with each tensor after it was made: the order of rotary pairs, which only the model's graph tells.</summary>
    internal Func<string, Weights, Weights> Finish { get; set; } = (_, weights) => weights;

    /// <inheritdoc/>
    public long[]? FindTensor(string name) => Find(name) is { } weights ? [.. weights.Shape] : null;

    /// <inheritdoc/>
    public float[] Read(string tensor)
    {
        var weights = Finish(tensor, Find(tensor) ?? throw new ArchGenException($"{FileName}: there is no tensor {tensor}."));
        var values = new float[checked((int)weights.ElementCount)];
        weights.Read(0, values);
        return values;
    }

    /// <inheritdoc/>
    public object? FindKey(string key) => _metadata.TryGet(key, out var value) ? GgufModelSource.Plain(value) : null;

    /// <inheritdoc/>
    public int? FindArrayLength(string key) => _metadata.TryGet(key, out var value) && value.IsArray ? value.Count : null;

    /// <summary>A tensor of the file, or null if the checkpoint has none for it.</summary>
    internal Weights? Find(string name)
    {
        if (_made.TryGetValue(name, out var known)) return known;
        return _made[name] = _generated.TryGetValue(name, out var values) ? new GeneratedWeights(values) : Make(name);
    }

    /// <summary>The names in the checkpoint that would serve for a tensor of the file.</summary>
    internal IReadOnlyList<string> Candidates(string name)
    {
        var (pattern, index) = Pattern(name);
        return _declared.TryGetValue(pattern, out var declared) ? [.. declared.HuggingFace.Select(h => h.Replace("{i}", index, StringComparison.Ordinal))] : [];
    }

    private Weights? Make(string name)
    {
        foreach (var candidate in Candidates(name))
        {
            if (Assemble(candidate) is not { } weights) continue;
            var pattern = Pattern(name).Pattern;
            var module = pattern.EndsWith(".weight", StringComparison.Ordinal) || pattern.EndsWith(".bias", StringComparison.Ordinal) ? pattern[..pattern.LastIndexOf('.')] : pattern;
            return _model.Convert(module == "" ? pattern : _declared.ContainsKey(pattern) ? module : pattern, _model.Convert(pattern, weights));
        }

        return null;
    }

    /// <summary>A tensor of the checkpoint; with <c>{e}</c> in its name, those of all experts stacked.</summary>
    private Weights? Assemble(string name)
    {
        if (!name.Contains("{e}", StringComparison.Ordinal)) return _checkpoint.TryGetTensor(name, out var tensor) ? new CheckpointWeights(tensor) : null;
        var experts = new List<Weights>();
        while (_checkpoint.TryGetTensor(name.Replace("{e}", Text(experts.Count), StringComparison.Ordinal), out var expert)) experts.Add(new CheckpointWeights(expert));
        return experts.Count == 0 ? null : Weights.StackedAsNew(experts);
    }

    private static (string Pattern, string Index) Pattern(string name)
    {
        var index = Regex.Match(name, @"(?<=\.)\d+(?=\.)");
        return index.Success ? (name[..index.Index] + "{i}" + name[(index.Index + index.Length)..], index.Value) : (name, "");
    }

    private IEnumerable<string> Names()
    {
        var blocks = 1 + _checkpoint.Tensors.SelectMany(t => t.Name.Split('.')).Select(part => int.TryParse(part, out var number) && number < 100_000 ? number : -1).DefaultIfEmpty(-1).Max();
        foreach (var pattern in _declared.Keys)
        {
            if (!pattern.Contains("{i}", StringComparison.Ordinal))
            {
                if (Find(pattern) is not null) yield return pattern;
                continue;
            }

            for (var i = 0; i < blocks; i++)
            {
                var name = pattern.Replace("{i}", Text(i), StringComparison.Ordinal);
                if (Find(name) is not null) yield return name;
            }
        }
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

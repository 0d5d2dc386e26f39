using ArchGen.Gguf;
using ArchGen.Runtime.Loading;

namespace ArchGen.Tools.Recipes.Invention;

/// <summary>A file that does not exist: it answers each key that an architecture requires with a small value, and has the tensors that it is given.</summary>
internal sealed class InventedSource : IModelSource
{
    private const int MaxTensors = 1 << 16;

    private readonly string _prefix;
    private readonly bool _isEnriched;
    private readonly Dictionary<string, long[]> _tensors = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <param name="architecture">The architecture.</param>
    /// <param name="keys">Its keys that are stated.</param>
    /// <param name="isEnriched">Whether optional keys are answered too where that puts more of the architecture to the test.</param>
    public InventedSource(ArchitectureInfo architecture, IEnumerable<KeyValuePair<string, GgufValue>> keys, bool isEnriched)
    {
        (_prefix, _isEnriched, FileName) = (architecture.Name + ".", isEnriched, $"A random recipe of {architecture.Name}");
        Keys = new GgufMetadata(FileName);
        foreach (var (key, value) in keys) Keys[key] = value;
    }

    /// <inheritdoc/>
    public string FileName { get; }

    /// <summary>The keys so far.</summary>
    public GgufMetadata Keys { get; }

    /// <summary>The keys that the architecture reads.</summary>
    public IReadOnlySet<string> Asked => _asked;

    /// <summary>Required keys for which nothing can be invented, and what is expected.</summary>
    public Dictionary<string, string> Unknown { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a key was invented since this was last set to false.</summary>
    public bool HasInvented { get; set; }

    /// <summary>The tensors so far.</summary>
    public IReadOnlyDictionary<string, long[]> Tensors => _tensors;

    /// <summary>As many as any model has: a loader takes a file with fewer tensors than blocks for a damaged one.</summary>
    public IReadOnlyList<string> TensorNames { get; } = new string[MaxTensors];

    /// <summary>Adds a tensor.</summary>
    public void Add(string name, long[] dims) => _tensors[name] = dims;

    /// <inheritdoc/>
    public long[]? FindTensor(string name) => _tensors.TryGetValue(name, out var dims) ? dims : null;

    /// <inheritdoc/>
    public float[] Read(string tensor) => throw new InvalidOperationException($"{FileName} has shapes alone.");

    /// <inheritdoc/>
    public object? FindKey(string key) => Find(key) is { } value ? GgufModelSource.Plain(value) : null;

    /// <inheritdoc/>
    public int? FindArrayLength(string key) => Find(key) is { IsArray: true } value ? value.Count : null;

    /// <inheritdoc/>
    public ModelFileException? Missing(string key, string expected)
    {
        if (InventedKeys.Of(Short(key), expected) is { } invented) (Keys[key], HasInvented) = (invented, true);
        else Unknown[key] = expected;
        return null;
    }

    private GgufValue? Find(string key)
    {
        _asked.Add(key);
        if (Keys.TryGet(key, out var known)) return known;
        if (_isEnriched && InventedKeys.Instead(Short(key)) is { } better) return Keys[key] = better;
        return null;
    }

    private string Short(string key) => key.StartsWith(_prefix, StringComparison.Ordinal) ? key[_prefix.Length..] : key;
}

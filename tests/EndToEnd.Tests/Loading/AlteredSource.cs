namespace ArchGen.EndToEnd.Tests.Loading;

/// <summary>A model file with some tensors and keys changed.</summary>
internal sealed class AlteredSource(IModelSource source) : IModelSource
{
    public Dictionary<string, string> Renamed { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Removed { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, long[]> Reshaped { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, object?> Keys { get; } = new(StringComparer.Ordinal);

    public string FileName => "altered.gguf";

    public IReadOnlyList<string> TensorNames => [.. source.TensorNames.Where(n => !Removed.Contains(n)).Select(n => Renamed.GetValueOrDefault(n, n))];

    public long[]? FindTensor(string name)
    {
        if (Renamed.ContainsKey(name) || Removed.Contains(name)) return null;
        var original = Original(name);
        return Reshaped.GetValueOrDefault(original) ?? source.FindTensor(original);
    }

    public float[] Read(string tensor) => source.Read(Original(tensor));

    public object? FindKey(string key) => Keys.TryGetValue(key, out var value) ? value : source.FindKey(key);

    public int? FindArrayLength(string key) => source.FindArrayLength(key);

    private string Original(string name) => Renamed.FirstOrDefault(r => r.Value == name).Key ?? name;
}

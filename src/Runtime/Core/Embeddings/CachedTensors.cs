using System.Collections.Concurrent;

namespace ArchGen.Runtime.Embeddings;

/// <summary>A model file whose tensors are decoded once: those of a head, which is evaluated for each text.</summary>
/// <param name="inner">The file.</param>
internal sealed class CachedTensors(IModelSource inner) : IModelSource
{
    private readonly ConcurrentDictionary<string, float[]> _read = new(StringComparer.Ordinal);

    public string FileName => inner.FileName;

    public IReadOnlyList<string> TensorNames => inner.TensorNames;

    public long[]? FindTensor(string name) => inner.FindTensor(name);

    public float[] Read(string tensor) => _read.GetOrAdd(tensor, inner.Read);

    public object? FindKey(string key) => inner.FindKey(key);

    public ModelFileException? Missing(string key, string expected) => inner.Missing(key, expected);

    public int? FindArrayLength(string key) => inner.FindArrayLength(key);
}

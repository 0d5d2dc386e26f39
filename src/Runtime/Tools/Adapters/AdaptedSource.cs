using ArchGen.Runtime.Adapters;

namespace ArchGen.Tools.Adapters;

/// <summary>A model file with adapters merged into its tensors as they are read: W + scale * B A, in f32.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class AdaptedSource(IModelSource source, IReadOnlyList<LoraAdapter> adapters) : IModelSource
{
    /// <inheritdoc/>
    public string FileName => source.FileName;

    /// <inheritdoc/>
    public IReadOnlyList<string> TensorNames => source.TensorNames;

    /// <inheritdoc/>
    public long[]? FindTensor(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return source.FindTensor(name);
    }

    /// <inheritdoc/>
    public float[] Read(string tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var values = source.Read(tensor);
        foreach (var adapter in adapters)
            if (adapter.TryGet(tensor, out var matrices)) new LoraProduct(matrices).AddTo(0, values);
        return values;
    }

    /// <inheritdoc/>
    public object? FindKey(string key) => source.FindKey(key);

    /// <inheritdoc/>
    public int? FindArrayLength(string key) => source.FindArrayLength(key);
}

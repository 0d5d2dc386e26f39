using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Runtime.Loading;

/// <summary>A GGUF file as an architecture sees it.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed unsafe class GgufModelSource(GgufFile file) : IModelSource
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private IReadOnlyList<string>? _names;

    /// <inheritdoc/>
    public string FileName => file.Name;

    /// <inheritdoc/>
    public IReadOnlyList<string> TensorNames => _names ??= [.. file.Tensors.Select(t => t.Name)];

    /// <inheritdoc/>
    public long[]? FindTensor(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return file.TryGetTensor(name, out var tensor) ? [.. tensor.Dimensions.Reverse()] : null;
    }

    /// <inheritdoc/>
    public float[] Read(string tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!file.TryGetTensor(tensor, out var found)) throw new ModelFileException($"{FileName}: there is no tensor {tensor}.");
        return Read(found);
    }

    /// <summary>The elements of a tensor as floats.</summary>
    internal static float[] Read(GgufTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var values = new float[checked((int)tensor.ElementCount)];
        fixed (float* destination = values) TensorFormats.Of(tensor.Type).Decoder.Decode(tensor.Pointer, destination, values.Length);
        return values;
    }

    /// <inheritdoc/>
    public int? FindArrayLength(string key) => Asked(key) is { IsArray: true } value ? value.Count : null;

    /// <inheritdoc/>
    public object? FindKey(string key) => Asked(key) is { } value ? Plain(value) : null;

    /// <summary>The keys that were requested so far, whether the file has them or not.</summary>
    public IReadOnlySet<string> AskedKeys
    {
        get
        {
            lock (_asked) return new HashSet<string>(_asked, StringComparer.Ordinal);
        }
    }

    private GgufValue? Asked(string key)
    {
        lock (_asked) _asked.Add(key);
        return file.Metadata.TryGet(key, out var value) ? value : null;
    }

    /// <summary>A value as an architecture reads it.</summary>
    internal static object Plain(GgufValue value) => value.Type switch
    {
        GgufValueType.String => value.AsString(),
        GgufValueType.Bool => value.AsBool(),
        GgufValueType.Float32 or GgufValueType.Float64 => value.AsDouble(),
        // No key has a meaning beyond long.MaxValue; as a real number it is rejected with its value.
        GgufValueType.UInt64 when value.AsUInt64() > long.MaxValue => (double)value.AsUInt64(),
        GgufValueType.Array => PlainArray(value),
        _ => value.AsInt64(),
    };

    private static Array PlainArray(GgufValue value) => value.ElementType switch
    {
        GgufValueType.String => value.AsStrings(),
        GgufValueType.Bool => value.AsBools(),
        GgufValueType.Float32 or GgufValueType.Float64 => Array.ConvertAll(value.AsSingles(), v => (double)v),
        GgufValueType.Array => value.AsArray(),
        _ => value.AsInt64s(),
    };
}

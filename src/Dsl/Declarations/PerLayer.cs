namespace ArchGen;

/// <summary>
/// A hyper-parameter that may differ from layer to layer, of type int, float or bool: <c>PerLayer&lt;int&gt; Heads</c>. A file has one value for all
/// layers, or a list of one value per layer. Inside a block the hyper-parameter is that block's value.
/// </summary>
/// <example><code>
/// [HyperParameter("swiglu_limits", Hf = "swiglu_limits", Default = "7")] public partial PerLayer&lt;float&gt; GateLimit { get; }
/// </code></example>
public sealed class PerLayer<T>
    where T : struct
{
    private readonly string _key;
    private readonly T[] _values;
    private readonly bool _single;

    internal PerLayer(string key, T value) => (_key, _values, _single) = (key, [value], true);

    internal PerLayer(string key, T[] values) => (_key, _values) = (key, values);

    /// <summary>The value in a layer.</summary>
    /// <exception cref="ArchGenException">The file has no value for that layer.</exception>
    public T this[int layer] =>
        _single ? _values[0]
        : layer < _values.Length ? _values[layer]
        : throw new ModelFileException($"{_key} has {_values.Length} values, but layer {layer} needs one. Convert the model again.");

    /// <summary>The value that all layers share.</summary>
    /// <exception cref="ArchGenException">The layers have different values.</exception>
    public static implicit operator T(PerLayer<T> perLayer) => perLayer.Shared();

    /// <summary>One value for all layers.</summary>
    public static implicit operator PerLayer<T>(T value) => new("", value);

    private T Shared()
    {
        var other = Array.FindIndex(_values, v => !v.Equals(_values[0]));
        return other < 0
            ? _values[0]
            : throw new ModelFileException(FormattableString.Invariant(
                $"{_key} differs between layers ({_values[0]} in layer 0, {_values[other]} in layer {other}), but one value is needed for all."));
    }
}

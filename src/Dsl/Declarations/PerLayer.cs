namespace ArchGen;

/// <summary>A hyper-parameter that may differ from layer to layer. Inside a block it is that block's value.</summary>
public sealed class PerLayer
{
    private readonly string _key;
    private readonly int[] _values;
    private readonly bool _single;

    internal PerLayer(string key, int value) => (_key, _values, _single) = (key, [value], true);

    internal PerLayer(string key, int[] values) => (_key, _values) = (key, values);

    /// <summary>The value in a layer.</summary>
    /// <exception cref="ArchGenException">The file has no value for that layer.</exception>
    public int this[int layer] =>
        _single ? _values[0]
        : layer < _values.Length ? _values[layer]
        : throw new ModelFileException($"{_key} has {_values.Length} values, but layer {layer} needs one. Convert the model again.");

    /// <summary>The value that all layers share.</summary>
    /// <exception cref="ArchGenException">The layers have different values.</exception>
    public static implicit operator int(PerLayer perLayer) => perLayer.Shared();

    private int Shared()
    {
        var other = Array.FindIndex(_values, v => v != _values[0]);
        return other < 0
            ? _values[0]
            : throw new ModelFileException($"{_key} differs between layers ({_values[0]} in layer 0, {_values[other]} in layer {other}), but one value is "
                + "needed for all.");
    }
}

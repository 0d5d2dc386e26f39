namespace ArchGen;

/// <summary>
/// A hyper-parameter that says for each layer which of two kinds it is: <c>SlidingPattern[Index]</c> is true in a layer that slides. A file has it as a
/// period n or as a list of truth values. With a period, the pattern is true in all layers but the last of every n; in all but the first of every n if
/// <see cref="HyperParameterAttribute.FirstDiffers"/> is set. A period of 0 is true everywhere, one of 1 nowhere.
/// </summary>
/// <example><code>
/// [HyperParameter("attention.sliding_window_pattern", Hf = "layer_types|sliding_window_pattern",
///     Values = "sliding_attention=1|full_attention=0", Default = "6")]
/// public partial LayerPattern SlidingPattern { get; }
/// </code></example>
public sealed class LayerPattern
{
    private readonly string _key;
    private readonly int _period;
    private readonly bool _firstDiffers;
    private readonly bool[]? _layers;

    /// <summary>The pattern of a period.</summary>
    internal LayerPattern(string key, int period, bool firstDiffers) => (_key, _period, _firstDiffers) = (key, period, firstDiffers);

    /// <summary>The pattern of a list.</summary>
    internal LayerPattern(string key, bool[] layers) => (_key, _layers) = (key, layers);

    /// <summary>Whether the pattern is true in a layer, from 0.</summary>
    /// <exception cref="ModelFileException">The file's list has no value for that layer.</exception>
    public bool this[int layer]
    {
        get
        {
            if (_layers is null) return IsTrue(layer, _period, _firstDiffers);
            return layer < _layers.Length
                ? _layers[layer]
                : throw new ModelFileException($"{_key} has {_layers.Length} values, but layer {layer} needs one. Convert the model again.");
        }
    }

    /// <summary>Whether the pattern is true in every layer, however many there are: its period is 0, or its list has no other value.</summary>
    public bool IsEverywhere => _layers is null ? _period == 0 : Array.TrueForAll(_layers, l => l);

    /// <summary>The smallest period of a list, or null if it has none. A list that is true everywhere has the period after its end.</summary>
    internal static int? PeriodOf(IReadOnlyList<bool> layers, bool firstDiffers)
    {
        for (var period = 1; period <= layers.Count + 1; period++)
        {
            var i = 0;
            while (i < layers.Count && layers[i] == IsTrue(i, period, firstDiffers)) i++;
            if (i == layers.Count) return period;
        }

        return null;
    }

    private static bool IsTrue(int layer, int period, bool firstDiffers) => period == 0 || layer % period != (firstDiffers ? 0 : period - 1);
}

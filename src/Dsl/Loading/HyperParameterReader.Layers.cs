namespace ArchGen;

/// <content>Hyper-parameters that may differ from layer to layer.</content>
public sealed partial class HyperParameterReader
{
    /// <summary>A whole number for all layers or one per layer, required.</summary>
    public PerLayer<int> Int32PerLayer(string key) => FindInt32PerLayer(key) ?? throw Missing(key, "a whole number, or one per layer");

    /// <summary>A whole number for all layers or one per layer, or null.</summary>
    public PerLayer<int>? FindInt32PerLayer(string key) => FindPerLayer(key, AsInt32);

    /// <summary>A number for all layers or one per layer, required.</summary>
    public PerLayer<float> SinglePerLayer(string key) => FindSinglePerLayer(key) ?? throw Missing(key, "a number, or one per layer");

    /// <summary>A number for all layers or one per layer, or null.</summary>
    public PerLayer<float>? FindSinglePerLayer(string key) => FindPerLayer(key, AsSingle);

    /// <summary>True or false for all layers or per layer, required.</summary>
    public PerLayer<bool> BooleanPerLayer(string key) => FindBooleanPerLayer(key) ?? throw Missing(key, "true or false, or a list of them, one per layer");

    /// <summary>True or false for all layers or per layer, or null.</summary>
    public PerLayer<bool>? FindBooleanPerLayer(string key) => FindPerLayer(key, AsBoolean);

    /// <summary>A period or a list of truth values, required.</summary>
    /// <param name="key">The key without prefix.</param>
    /// <param name="firstDiffers">Whether a period has its other layer first.</param>
    public LayerPattern LayerPattern(string key, bool firstDiffers = false) =>
        FindPattern(key, firstDiffers) ?? throw Missing(key, "a period, or true or false per layer");

    /// <summary>A period or a list of truth values, by default a period.</summary>
    /// <param name="key">The key without prefix.</param>
    /// <param name="otherwise">The period if the file has no such key.</param>
    /// <param name="firstDiffers">Whether a period has its other layer first.</param>
    public LayerPattern LayerPattern(string key, int otherwise, bool firstDiffers = false) =>
        FindPattern(key, firstDiffers) ?? new LayerPattern(Full(key), otherwise, firstDiffers);

    /// <summary>A period or a list of truth values, by default another pattern.</summary>
    /// <param name="key">The key without prefix.</param>
    /// <param name="otherwise">The pattern if the file has no such key.</param>
    /// <param name="firstDiffers">Whether a period has its other layer first.</param>
    public LayerPattern LayerPattern(string key, LayerPattern otherwise, bool firstDiffers = false) => FindPattern(key, firstDiffers) ?? otherwise;

    private LayerPattern? FindPattern(string key, bool firstDiffers) => Find(key) switch
    {
        null => null,
        Array { Length: 0 } => throw Error(key, "is an empty list, expected true or false per layer"),
        Array array => new LayerPattern(Full(key), [.. array.Cast<object>().Select(v => AsBoolean(key, v))]),
        long value => new LayerPattern(Full(key), AsInt32(key, value), firstDiffers),
        var other => throw Error(key, $"is {Describe(other)}, expected a period, or true or false per layer"),
    };

    private PerLayer<T>? FindPerLayer<T>(string key, Func<string, object, T> read)
        where T : struct => Find(key) switch
        {
            null => null,
            Array { Length: 0 } => throw Error(key, "is an empty list, expected one value per layer"),
            Array array => new PerLayer<T>(Full(key), [.. array.Cast<object>().Select(v => read(key, v))]),
            var value => new PerLayer<T>(Full(key), read(key, value)),
        };
}

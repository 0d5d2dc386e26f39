namespace ArchGen;

/// <summary>The conversion of an architecture's checkpoints, except for its tensors. Generated.</summary>
/// <param name="Rope">The row order of rotated heads in the checkpoint.</param>
/// <param name="Keys">The keys of the file and their sources.</param>
/// <param name="Fixed">Keys of config.json whose values are assumed, and these values.</param>
/// <param name="IgnoredKeys">Keys of config.json that are not needed, and the reasons.</param>
/// <param name="IgnoredWeights">Patterns of tensors of the checkpoint that are not needed, and the reasons.</param>
/// <param name="Matrices">Patterns of the file's tensors that are stored as matrices, while other architectures store them in F32, and the reasons.</param>
public sealed record ConversionInfo(
    RopeKind Rope, IReadOnlyList<ConfigKey> Keys, IReadOnlyList<(string Key, string Values)> Fixed, IReadOnlyList<(string Key, string Reason)> IgnoredKeys,
    IReadOnlyList<(string Pattern, string Reason)> IgnoredWeights, IReadOnlyList<(string Pattern, string Reason)> Matrices)
{
    /// <summary>The values of keys that config.json omits.</summary>
    public IReadOnlyList<ConfigDefaults> Defaults { get; init; } = [];

    /// <summary>The keys of the file whose values are tensors of the checkpoint.</summary>
    public IReadOnlyList<TrainedKey> Trained { get; init; } = [];
}

/// <summary>A key of the file whose value is in tensors of the checkpoint.</summary>
/// <param name="Key">The GGUF key without the architecture's prefix.</param>
/// <param name="Type">The type of the hyper-parameter, as in <see cref="ConfigKey"/>.</param>
/// <param name="Tensor">The name of the tensor, as <see cref="HfTensorAttribute"/> describes it.</param>
public sealed record TrainedKey(string Key, string Type, string Tensor);

/// <summary>A key of the file and the source of its value.</summary>
/// <param name="Key">The GGUF key without the architecture's prefix.</param>
/// <param name="Type">
/// int, float, bool, string, a PerLayer of one of the first three, LayerPattern, RopeScaling, or any if it follows from the value.
/// </param>
/// <param name="Source">Its source in config.json, as <see cref="HyperParameterAttribute.Hf"/> describes it.</param>
public sealed record ConfigKey(string Key, string Type, string Source)
{
    /// <summary>The class of transformers for which this is the source, or null for all.</summary>
    public string? For { get; init; }

    /// <summary>The source of the value at which the key is omitted, or null.</summary>
    public string? Unless { get; init; }

    /// <summary>The numbers for the source's strings, or null.</summary>
    public string? Values { get; init; }

    /// <summary>The method of the architecture that the source names, which returns null for no value; null if the source is an expression.</summary>
    public Func<Config, object?>? Method { get; init; }

    /// <summary>As <see cref="HyperParameterAttribute.FirstDiffers"/>.</summary>
    public bool FirstDiffers { get; init; }

    /// <summary>As <see cref="HyperParameterAttribute.AsList"/>.</summary>
    public bool AsList { get; init; }
}

namespace ArchGen;

/// <summary>How an architecture's checkpoints become files, apart from its tensors. Generated.</summary>
/// <param name="Rope">How the checkpoint's rows of rotated heads stand.</param>
/// <param name="Keys">The keys of the file and where their values come from.</param>
/// <param name="Fixed">Keys of config.json whose values are taken for granted, and these values.</param>
/// <param name="IgnoredKeys">Keys of config.json that are not needed, and why.</param>
/// <param name="IgnoredWeights">Patterns of tensors of the checkpoint that are not needed, and why.</param>
/// <param name="Matrices">Patterns of the file's tensors that are stored as matrices where those of other architectures stay F32, and why.</param>
public sealed record ConversionInfo(
    RopeKind Rope, IReadOnlyList<ConfigKey> Keys, IReadOnlyList<(string Key, string Values)> Fixed, IReadOnlyList<(string Key, string Reason)> IgnoredKeys,
    IReadOnlyList<(string Pattern, string Reason)> IgnoredWeights, IReadOnlyList<(string Pattern, string Reason)> Matrices)
{
    /// <summary>The values of keys that config.json leaves out.</summary>
    public IReadOnlyList<ConfigDefaults> Defaults { get; init; } = [];
}

/// <summary>A key of the file and where its value comes from.</summary>
/// <param name="Key">The GGUF key without the architecture's prefix.</param>
/// <param name="Type">int, float, bool, string, PerLayer, RopeScaling, or any where it follows from the value.</param>
/// <param name="Source">Its source in config.json, as <see cref="HyperParameterAttribute.Hf"/> describes it.</param>
public sealed record ConfigKey(string Key, string Type, string Source)
{
    /// <summary>The class of transformers for which this is the source, or null for all.</summary>
    public string? For { get; init; }

    /// <summary>The source of the value at which the key is left out, or null.</summary>
    public string? Unless { get; init; }

    /// <summary>What the source's texts mean, or null.</summary>
    public string? Values { get; init; }
}

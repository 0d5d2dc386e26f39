namespace ArchGen.Generators.Model;

/// <summary>How checkpoints become files, apart from the tensors.</summary>
/// <param name="Rope">The pairing that the rows of the checkpoint are laid out for.</param>
/// <param name="Keys">The file's keys and their sources.</param>
/// <param name="Fixed">Keys of config.json and the values that they must have.</param>
/// <param name="IgnoredKeys">Keys of config.json that are left alone, and why.</param>
/// <param name="IgnoredWeights">Patterns of the checkpoint's tensors that are left alone, and why.</param>
/// <param name="Matrices">Patterns of tensors that are stored as matrices, and why.</param>
internal sealed record ConversionModel(
    RopeKind Rope, EquatableArray<ConfigKeyModel> Keys, EquatableArray<NoteModel> Fixed, EquatableArray<NoteModel> IgnoredKeys,
    EquatableArray<NoteModel> IgnoredWeights,
    EquatableArray<NoteModel> Matrices)
{
    public static ConversionModel None { get; } = new(RopeKind.HalfSplit, default, default, default, default, default);

    /// <summary>The values of keys that config.json leaves out.</summary>
    public EquatableArray<ConfigDefaultsModel> Defaults { get; init; }

    /// <summary>The keys whose values are tensors of the checkpoint.</summary>
    public EquatableArray<TrainedKeyModel> Trained { get; init; }
}

/// <summary>A key of the file, the tensors of the checkpoint that hold its value, and the method that makes it of them, or null.</summary>
internal sealed record TrainedKeyModel(string Key, string Type, string Tensor, string? From);

/// <summary>The values of keys that config.json leaves out.</summary>
/// <param name="Classes">The classes of transformers; none for all.</param>
/// <param name="With">The key that config.json must have for them to hold, or null.</param>
/// <param name="Values">Keys and values.</param>
internal sealed record ConfigDefaultsModel(EquatableArray<string> Classes, string? With, EquatableArray<NoteModel> Values);

/// <summary>A key of the file and its source in config.json.</summary>
internal sealed record ConfigKeyModel(string Key, string Type, string Source, string? For, string? Unless, string? Values)
{
    /// <summary>The method that the source names, as code in the architecture calls it; null if the source is an expression.</summary>
    public string? Method { get; init; }

    /// <summary>Whether a period of layers has its other kind first.</summary>
    public bool FirstDiffers { get; init; }

    /// <summary>Whether a pattern of layers is written as a list.</summary>
    public bool AsList { get; init; }
}

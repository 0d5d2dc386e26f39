namespace ArchGen.Generators.Model;

/// <summary>All that is emitted for one architecture. Records with value equality only: no symbol, syntax node or location.</summary>
/// <param name="Namespace">Its namespace, empty for the global one.</param>
/// <param name="ClassName">Its C# name.</param>
/// <param name="Name">Its name in files.</param>
/// <param name="Summary">The summary of its documentation, on one line.</param>
/// <param name="Rope">How its rotations pair elements.</param>
/// <param name="HuggingFaceClasses">The classes of transformers.</param>
/// <param name="IgnoredTensors">The tensors that are left alone.</param>
/// <param name="HyperParameters">Those that are used, in the order of reading.</param>
/// <param name="Classes">The model's own class and its kinds of block; none if nothing can be emitted into them.</param>
/// <param name="IsRefused">Whether the compiler refuses a part of the declaration, so that the generator did not read on.</param>
/// <param name="Depth">The number of its bases.</param>
/// <param name="Diagnostics">What the generator reports.</param>
internal sealed record ArchitectureModel(
    string Namespace,
    string ClassName,
    string Name,
    string Summary,
    RopeKind Rope,
    EquatableArray<string> HuggingFaceClasses,
    EquatableArray<IgnoredTensorsModel> IgnoredTensors,
    EquatableArray<HyperParameterModel> HyperParameters,
    EquatableArray<ClassModel> Classes,
    bool IsRefused,
    int Depth,
    EquatableArray<DiagnosticModel> Diagnostics)
{
    public string FullName => Namespace.Length == 0 ? ClassName : Namespace + "." + ClassName;

    /// <summary>The types around it, which it should not have, the outermost first.</summary>
    public EquatableArray<OuterTypeModel> Outer { get; init; }

    /// <summary>The names of the architectures that it derives from, the nearest first.</summary>
    public EquatableArray<string> Bases { get; init; }

    /// <summary>What the names of its generated files begin with.</summary>
    public string FileName { get; init; } = "";

    public bool HasErrors => IsRefused || Diagnostics.Any(d => d.IsError);

    /// <summary>The same without the places of its operations, which change with every line above them.</summary>
    public ArchitectureModel WithoutLines() => this with { Classes = Classes.Select(c => c with { Lines = default }).ToEquatable() };

    /// <summary>How its checkpoints become files.</summary>
    public ConversionModel Conversion { get; init; } = ConversionModel.None;

    /// <summary>Where its quantizations part from the common mixes.</summary>
    public EquatableArray<SettingModel> Quantization { get; init; }

    /// <summary>The model's own class; the others are block kinds.</summary>
    public ClassModel Root => Classes[0];
}

/// <summary>A type that a class is nested in.</summary>
/// <param name="IsRecord">Whether it is a record.</param>
/// <param name="Keyword">The keyword of its kind: <c>class</c>.</param>
/// <param name="Name">Its C# name.</param>
/// <param name="TypeParameters">Its type parameters.</param>
internal sealed record OuterTypeModel(bool IsRecord, string Keyword, string Name, EquatableArray<string> TypeParameters);

/// <summary>A property that is set to a constant.</summary>
internal sealed record SettingModel(string Property, ConstantExpression Value);

/// <summary>A hyper-parameter that the architecture uses.</summary>
/// <param name="Name">The C# property.</param>
/// <param name="Type">int, float, bool, string, a PerLayer of one of the first three, LayerPattern or RopeScaling.</param>
/// <param name="Key">The GGUF key without prefix.</param>
/// <param name="HuggingFace">The keys of config.json.</param>
/// <param name="Default">The value where the file has none; null if it is required.</param>
/// <param name="Target">What the value is assigned to.</param>
internal sealed record HyperParameterModel(string Name, string Type, string Key, EquatableArray<string> HuggingFace, Expression? Default, string Target)
{
    /// <summary>Whether a period of layers has its other kind first.</summary>
    public bool FirstDiffers { get; init; }
}

/// <summary>A pattern of names of tensors that are left alone, and why.</summary>
internal sealed record IgnoredTensorsModel(string Pattern, string Reason);

/// <summary>A name and what is said of it.</summary>
internal sealed record NoteModel(string Name, string Text);

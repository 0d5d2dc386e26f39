namespace ArchGen.Generators.Model;

/// <summary>All that is emitted for one architecture. Records with value equality only: no symbol, syntax node or location.</summary>
/// <param name="Namespace">Its namespace, empty for the global one.</param>
/// <param name="ClassName">Its C# name.</param>
/// <param name="Name">Its name in files.</param>
/// <param name="Summary">The summary of its documentation, on one line.</param>
/// <param name="RopeKind">The member of RopeKind.</param>
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
    string RopeKind,
    EquatableArray<string> HuggingFaceClasses,
    EquatableArray<IgnoredTensorsModel> IgnoredTensors,
    EquatableArray<HyperParameterModel> HyperParameters,
    EquatableArray<ClassModel> Classes,
    bool IsRefused,
    int Depth,
    EquatableArray<DiagnosticModel> Diagnostics)
{
    public string FullName => Namespace.Length == 0 ? ClassName : Namespace + "." + ClassName;

    /// <summary>The classes around it, which it should not have: <c>partial class Outer</c>.</summary>
    public EquatableArray<string> Outer { get; init; }

    /// <summary>What the names of its generated files begin with.</summary>
    public string FileName => string.Join(".", Outer.Select(o => o.Substring(o.LastIndexOf(' ') + 1)).Prepend(Namespace).Append(ClassName)
        .Where(n => n.Length > 0)).Replace("@", "")
        .Replace('<', '(').Replace('>', ')') + (Classes.Count > 0 ? Root.TypeParameters.Replace('<', '(').Replace('>', ')') : "");

    public bool HasErrors => IsRefused || Diagnostics.Any(d => d.IsError);

    /// <summary>The same without the places of its operations, which change with every line above them.</summary>
    public ArchitectureModel WithoutLines() => this with { Classes = Classes.Select(c => c with { Lines = default }).ToEquatable() };

    /// <summary>How its checkpoints become files.</summary>
    public ConversionModel Conversion { get; init; } = ConversionModel.None;

    /// <summary>C# that sets where its quantizations part from the common mixes: <c>WideOutput = true</c>; empty for nowhere.</summary>
    public string Quantization { get; init; } = "";

    /// <summary>The model's own class; the others are block kinds.</summary>
    public ClassModel Root => Classes[0];
}

/// <summary>A class of the architecture: the model itself, or a kind of block nested in it.</summary>
/// <param name="Name">The C# name.</param>
/// <param name="Modifiers">What stands before <c>partial class</c>.</param>
/// <param name="IsBlock">Whether it is a kind of block.</param>
/// <param name="IsAbstract">Whether kinds derive from it.</param>
/// <param name="InheritsArchitecture">Whether its base is an architecture too.</param>
/// <param name="Members">The partial members that it declares itself.</param>
/// <param name="Forwards">The model's hyper-parameters as this block sees them.</param>
/// <param name="Tensors">All its tensors, inherited ones first.</param>
/// <param name="States">All its states.</param>
/// <param name="Lists">Its lists of blocks.</param>
/// <param name="Functions">Its forward passes.</param>
internal sealed record ClassModel(
    string Name,
    string Modifiers,
    bool IsBlock,
    bool IsAbstract,
    bool InheritsArchitecture,
    EquatableArray<MemberModel> Members,
    EquatableArray<ForwardModel> Forwards,
    EquatableArray<TensorModel> Tensors,
    EquatableArray<StateModel> States,
    EquatableArray<BlockListModel> Lists,
    EquatableArray<GraphFunction> Functions)
{
    /// <summary>All its caches.</summary>
    public EquatableArray<CacheModel> Caches { get; init; }

    /// <summary>Where the operations of its forward passes stand.</summary>
    public EquatableArray<SourceLine> Lines { get; init; }

    /// <summary>Whether it is a block and declares a <c>Forward(Tensor x)</c>.</summary>
    public bool TakesStream { get; init; }

    /// <summary>Its type parameters, which it should not have: <c>&lt;T&gt;</c>, or nothing.</summary>
    public string TypeParameters { get; init; } = "";

    /// <summary>The base that stands in for one that is left out or misspelt, or null.</summary>
    public string? Base { get; init; }

    /// <summary>The members of its own whose names generated code needs.</summary>
    public EquatableArray<string> Taken { get; init; }

    /// <summary>Its private methods that make tensors, which variants call too.</summary>
    public EquatableArray<MakerModel> Makers { get; init; }

    /// <summary>Whether it has something beside its declaration's other half to be written.</summary>
    public bool HasMembers => Members.Count + Forwards.Count + Makers.Count > 0 || TakesStream || Base is not null;
}

/// <summary>A private method of an architecture that makes a tensor from the checkpoint's, and its name for variants.</summary>
internal sealed record MakerModel(string Name, string Shared, bool IsStatic);

/// <summary>A partial property to implement.</summary>
internal sealed record MemberModel(string Declaration, string Type, string Name, bool CanBeNull)
{
    /// <summary>How it is got and set, where that is not <c>get</c> alone, as it should be.</summary>
    public EquatableArray<AccessorModel> Accessors { get; init; }

    public bool IsStatic { get; init; }

    /// <summary>Whether the name is a keyword, which code marks.</summary>
    public bool IsKeyword { get; init; }

    public string Field => FieldOf(Name);

    public static string FieldOf(string name) => "_" + char.ToLowerInvariant(name[0]) + name.Substring(1);
}

/// <summary>An accessor of a property: <c>get</c>, <c>private set</c>.</summary>
/// <param name="Keyword">Its keyword, with the accessibility before it.</param>
/// <param name="Sets">Whether it sets the property.</param>
internal sealed record AccessorModel(string Keyword, bool Sets);

/// <summary>A property of the model that its blocks see as their own.</summary>
/// <param name="Modifier">What is said of overriding it, or nothing.</param>
/// <param name="Type">Its type.</param>
/// <param name="Name">Its name, in the model and in the block.</param>
/// <param name="Code">The model's value.</param>
internal sealed record ForwardModel(string Modifier, string Type, string Name, string Code)
{
    public string Declaration => $"private protected {Modifier}{Type} {Name} => {Code};";
}

/// <summary>A hyper-parameter that the architecture uses.</summary>
/// <param name="Name">The C# property.</param>
/// <param name="Type">int, float, bool, string, PerLayer or RopeScaling.</param>
/// <param name="Key">The GGUF key without prefix.</param>
/// <param name="HuggingFace">The keys of config.json.</param>
/// <param name="Default">The value where the file has none; null if it is required.</param>
/// <param name="Target">What the value is assigned to.</param>
internal sealed record HyperParameterModel(string Name, string Type, string Key, EquatableArray<string> HuggingFace, Expression? Default, string Target);

/// <summary>A tensor.</summary>
/// <param name="Property">The C# property.</param>
/// <param name="Type">The module's type: Linear, RmsNorm, ...</param>
/// <param name="Name">The GGUF name relative to its block, without suffix for all but a bare weight.</param>
/// <param name="HuggingFace">The module's names in a checkpoint.</param>
/// <param name="Endings">What follows these names for the weight and for the bias: .weight|.bias, or as the declaration says.</param>
/// <param name="Shape">Its dimensions in normal form.</param>
/// <param name="Dims">Its dimensions as they are written.</param>
/// <param name="Optional">Whether a file may lack it.</param>
/// <param name="RequiredIf">The condition under which a file must have it all the same, or null.</param>
/// <param name="Bias">None, Optional or Required.</param>
/// <param name="TiedTo">The C# property that serves instead, or null.</param>
/// <param name="Epsilon">A norm's epsilon, or null.</param>
/// <param name="Scale">The name of its scale: null for the usual.</param>
/// <param name="ScaleLast">Whether the scale multiplies the bias too.</param>
internal sealed record TensorModel(
    string Property, string Type, string Name, EquatableArray<string> HuggingFace, string Endings, Shape Shape, EquatableArray<Expression> Dims,
    bool Optional, Expression? RequiredIf, string Bias, string? TiedTo, Expression? Epsilon, string? Scale, bool ScaleLast)
{
    /// <summary>The name in the file, relative to its block.</summary>
    public string FileName => Type == "Weight" ? Name : Name + ".weight";

    /// <summary>What makes it from the checkpoint's tensor, where that is laid out in another way, or null.</summary>
    public TensorSource? From { get; init; }

    /// <summary>What follows the checkpoint's name for the weight.</summary>
    public string WeightEnding => Endings.Split('|')[0];

    /// <summary>What follows the checkpoint's name for the bias.</summary>
    public string BiasEnding => Endings.Substring(Endings.LastIndexOf('|') + 1);
}

/// <summary>What makes a tensor from one of a checkpoint.</summary>
internal abstract record TensorSource;

/// <summary>A method of the architecture, by the name that its generated code calls it by.</summary>
internal sealed record MethodSource(string Method) : TensorSource;

/// <summary>Some rows of a module that holds several tensors.</summary>
/// <param name="Before">The numbers of rows of the tensors before it.</param>
/// <param name="Count">The number of its rows.</param>
internal sealed record RowsSource(EquatableArray<Expression> Before, Expression Count) : TensorSource;

/// <summary>How checkpoints become files, apart from the tensors.</summary>
/// <param name="Rope">The member of RopeKind of the checkpoint's rows.</param>
/// <param name="Keys">The file's keys and their sources.</param>
/// <param name="Fixed">Keys of config.json and the values that they must have.</param>
/// <param name="IgnoredKeys">Keys of config.json that are left alone, and why.</param>
/// <param name="IgnoredWeights">Patterns of the checkpoint's tensors that are left alone, and why.</param>
/// <param name="Matrices">Patterns of tensors that are stored as matrices, and why.</param>
internal sealed record ConversionModel(
    string Rope, EquatableArray<ConfigKeyModel> Keys, EquatableArray<NoteModel> Fixed, EquatableArray<NoteModel> IgnoredKeys,
    EquatableArray<NoteModel> IgnoredWeights,
    EquatableArray<NoteModel> Matrices)
{
    public static ConversionModel None { get; } = new("Neox", default, default, default, default, default);

    /// <summary>The values of keys that config.json leaves out.</summary>
    public EquatableArray<ConfigDefaultsModel> Defaults { get; init; }
}

/// <summary>The values of keys that config.json leaves out.</summary>
/// <param name="Classes">The classes of transformers; none for all.</param>
/// <param name="With">The key that config.json must have for them to hold, or null.</param>
/// <param name="Values">Keys and values.</param>
internal sealed record ConfigDefaultsModel(EquatableArray<string> Classes, string? With, EquatableArray<NoteModel> Values);

/// <summary>A key of the file and its source in config.json.</summary>
internal sealed record ConfigKeyModel(string Key, string Type, string Source, string? For, string? Unless, string? Values);

/// <summary>A name and what is said of it.</summary>
internal sealed record NoteModel(string Name, string Text);

/// <summary>A pattern of names of tensors that are left alone, and why.</summary>
internal sealed record IgnoredTensorsModel(string Pattern, string Reason);

/// <summary>A block's state.</summary>
internal sealed record StateModel(string Property, string Name, EquatableArray<Expression> Dims);

/// <summary>A declared cache of keys and values.</summary>
/// <param name="Property">The C# property.</param>
/// <param name="Name">The name relative to its block.</param>
/// <param name="Keys">The dimensions of one token's keys.</param>
/// <param name="Values">The dimensions of one token's values.</param>
internal sealed record CacheModel(string Property, string Name, EquatableArray<Expression> Keys, EquatableArray<Expression> Values);

/// <summary>A list of blocks.</summary>
/// <param name="Property">The C# property.</param>
/// <param name="ElementType">The type of its elements.</param>
/// <param name="Prefix">The GGUF prefix.</param>
/// <param name="HuggingFace">The checkpoint's prefix.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Kinds">The kinds in the order in which they are tried.</param>
internal sealed record BlockListModel(string Property, string ElementType, string Prefix, string HuggingFace, Expression Count,
    EquatableArray<BlockKindModel> Kinds)
{
    /// <summary>The number of blocks after these that a file may have and the model does not use, or null.</summary>
    public Expression? Unused { get; init; }
}

/// <summary>A kind of block, and the condition under which it stands (null: otherwise).</summary>
internal sealed record BlockKindModel(string Type, Expression? Condition, EquatableArray<TensorModel> Tensors, EquatableArray<GraphFunction> Functions);

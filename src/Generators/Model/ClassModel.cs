namespace ArchGen.Generators.Model;

/// <summary>A class of the architecture: the model itself, or a kind of block nested in it.</summary>
/// <param name="Name">The C# name.</param>
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

    /// <summary>Its type parameters, which it should not have.</summary>
    public EquatableArray<string> TypeParameters { get; init; }

    /// <summary>The base that stands in for one that is left out or misspelt, or null.</summary>
    public string? Base { get; init; }

    /// <summary>The members of its own whose names generated code needs.</summary>
    public EquatableArray<string> Taken { get; init; }

    /// <summary>Its private methods that make tensors, which variants call too.</summary>
    public EquatableArray<MakerModel> Makers { get; init; }

    /// <summary>What interfaces ask of it and members give that others cannot see.</summary>
    public EquatableArray<ImplementationModel> Implementations { get; init; }

    /// <summary>As a kind of block: <see cref="BlockKindModel.DecidedBy"/>.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>Whether it has something beside its declaration's other half to be written.</summary>
    public bool HasMembers => Members.Count + Forwards.Count + Makers.Count + Implementations.Count > 0 || TakesStream || Base is not null;
}

/// <summary>A private method of an architecture that conversion calls, and its name for variants.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shared">Its name for variants.</param>
/// <param name="IsStatic">Whether it is static.</param>
/// <param name="Type">The type of its result.</param>
/// <param name="Argument">The type of its parameter.</param>
internal sealed record MakerModel(string Name, string Shared, bool IsStatic, string Type, string Argument);

/// <summary>A property of an interface that a member of its name implements.</summary>
internal sealed record ImplementationModel(string Interface, string Type, string Name);

/// <summary>A partial property to implement.</summary>
/// <param name="Modifiers">The keywords of its declaration: <c>public</c>, <c>partial</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Name">Its name.</param>
/// <param name="CanBeNull">Whether it needs no value from the start.</param>
internal sealed record MemberModel(EquatableArray<string> Modifiers, string Type, string Name, bool CanBeNull)
{
    /// <summary>How it is got and set, where that is not <c>get</c> alone, as it should be.</summary>
    public EquatableArray<AccessorModel> Accessors { get; init; }

    public bool IsStatic { get; init; }

    /// <summary>Whether it hides one of a base by <c>new</c>, of the same type: both have one value.</summary>
    public bool IsShared { get; init; }

    /// <summary>Whether the name is a keyword, which code marks.</summary>
    public bool IsKeyword { get; init; }

    public string Field => FieldOf(Name);

    public static string FieldOf(string name) => "_" + string.Concat(name.Select((c, i) => i == 0 ? char.ToLowerInvariant(c) : c));
}

/// <summary>An accessor of a property: <c>get</c>, <c>private set</c>.</summary>
/// <param name="Keywords">The keywords of its accessibility, and its own.</param>
/// <param name="Sets">Whether it sets the property.</param>
internal sealed record AccessorModel(EquatableArray<string> Keywords, bool Sets);

/// <summary>A property of the model that its blocks see as their own.</summary>
/// <param name="Modifier">The keyword that says what overrides it or what it overrides, or null.</param>
/// <param name="Type">Its type.</param>
/// <param name="Name">Its name, in the model and in the block.</param>
/// <param name="Value">The model's value; null for one that the compiler refuses.</param>
internal sealed record ForwardModel(string? Modifier, string Type, string Name, Expression? Value);

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
/// <param name="HuggingFace">The checkpoint's prefixes; none if tensors have their names in full.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Kinds">The kinds in the order in which they are tried.</param>
internal sealed record BlockListModel(string Property, string ElementType, string Prefix, EquatableArray<string> HuggingFace, Expression Count,
    EquatableArray<BlockKindModel> Kinds)
{
    /// <summary>The number of blocks after these that a file may have and the model does not use, or null.</summary>
    public Expression? Unused { get; init; }

    /// <summary>The number of the first block in the file; null for 0.</summary>
    public Expression? First { get; init; }

    /// <summary>Whether a file may lack these blocks.</summary>
    public bool Optional { get; init; }
}

/// <summary>A kind of block.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Name">The type's own name.</param>
/// <param name="Owner">The name of the architecture that declares it.</param>
/// <param name="Condition">The condition under which it stands; null for otherwise.</param>
internal sealed record BlockKindModel(string Type, string Name, string Owner, Expression? Condition)
{
    /// <summary>The condition that a file has a tensor of the kind, in its shape.</summary>
    public static Expression InFile(string tensor) => Expression.Call(null, nameof(InFile), new NameExpression(tensor));

    /// <summary>The tensor of <see cref="InFile"/>; null where the model decides, if by a method of that name, by the block's number i.</summary>
    public string? DecidedBy => Condition is CallExpression { Owner: null, Function: nameof(InFile) } call
        && call.Arguments[0].Value is NameExpression { Identifier: not "i" } tensor ? tensor.Identifier : null;

    public EquatableArray<TensorModel> Tensors { get; init; }

    public EquatableArray<GraphFunction> Functions { get; init; }
}

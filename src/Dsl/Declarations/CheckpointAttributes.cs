namespace ArchGen;

/// <summary>The classes of Hugging Face transformers (config.json: <c>architectures</c>) that this architecture implements.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class HuggingFaceAttribute(params string[] classes) : Attribute
{
    /// <summary>The class names.</summary>
    public IReadOnlyList<string> Classes { get; } = classes;

    /// <summary>
    /// How the checkpoint's rows of rotated heads stand: those of <see cref="RopeKind.Neox"/> in halves, as transformers has most, those of
    /// <see cref="RopeKind.Normal"/> as neighbours. Where the architecture's own kind is another, conversion reorders them.
    /// </summary>
    public RopeKind Rope { get; set; } = RopeKind.Neox;
}

/// <summary>What an inherited member is called in the checkpoints of this architecture, where it is not what the base says.</summary>
/// <param name="member">The property: a tensor, <c>nameof(Layer.AttnOutput)</c>, a list of blocks or a hyper-parameter.</param>
/// <param name="name">
/// The name of the module, the prefix of the blocks, or the hyper-parameter's source in config.json; alternatives are separated by <c>|</c>.
/// </param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HfAttribute(string member, string name) : Attribute
{
    /// <summary>The property.</summary>
    public string Member { get; } = member;

    /// <summary>The name of the module, or the prefix of the blocks.</summary>
    public string Name { get; } = name;

    /// <summary>For a tensor: <see cref="TensorAttribute.From"/>. What the base says of that does not hold for the new name.</summary>
    public string? From { get; set; }

    /// <summary>The class of transformers for which a hyper-parameter's source is this one; without it, all.</summary>
    public string? For { get; set; }

    /// <summary>For a hyper-parameter: <see cref="HyperParameterAttribute.Unless"/>.</summary>
    public string? Unless { get; set; }
}

/// <summary>
/// One module of the checkpoint that holds several inherited tensors, the rows of one after those of the other, as their shapes say: queries, keys and
/// values, or the gate and what it gates.
/// </summary>
/// <param name="name">The name of the module; alternatives are separated by <c>|</c>.</param>
/// <param name="members">The tensors, in the order of their rows; their shapes may not differ from layer to layer.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HfFusedAttribute(string name, params string[] members) : Attribute
{
    /// <summary>The name of the module.</summary>
    public string Name { get; } = name;

    /// <summary>The tensors.</summary>
    public IReadOnlyList<string> Members { get; } = members;
}

/// <summary>Tensors of a checkpoint that this architecture does not need, and why.</summary>
/// <param name="pattern">Their names in the checkpoint; <c>*</c> stands for anything, <c>|</c> separates several.</param>
/// <param name="reason">Why they are left alone.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class IgnoredWeightsAttribute(string pattern, string reason) : Attribute
{
    /// <summary>Their names.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>Why they are left alone.</summary>
    public string Reason { get; } = reason;
}

/// <summary>Tensors of the file that conversion stores in the type of matrices, although it leaves those of this name in F32 elsewhere: routers, convolutions.</summary>
/// <param name="pattern">Their names in the file; <c>*</c> stands for anything, <c>|</c> separates several.</param>
/// <param name="reason">Why.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class StoredAsMatrixAttribute(string pattern, string reason) : Attribute
{
    /// <summary>Their names.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>Why.</summary>
    public string Reason { get; } = reason;
}

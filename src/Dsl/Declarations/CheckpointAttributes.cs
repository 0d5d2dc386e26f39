namespace ArchGen;

/// <summary>The classes of Hugging Face transformers (config.json: <c>architectures</c>) that this architecture implements.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class HuggingFaceAttribute(params string[] classes) : Attribute
{
    /// <summary>The class names.</summary>
    public IReadOnlyList<string> Classes { get; } = classes;

    /// <summary>
    /// The row order of rotated heads in the checkpoint; by default <see cref="RopeKind.HalfSplit"/>, as in most classes of transformers. Conversion reorders
    /// the rows if the architecture's own kind differs.
    /// </summary>
    public RopeKind Rope { get; set; } = RopeKind.HalfSplit;
}

/// <summary>The checkpoint's name of an inherited member, where it differs from the base's.</summary>
/// <param name="member">The property: a tensor, <c>nameof(Layer.AttnOutput)</c>, a list of blocks or a hyper-parameter.</param>
/// <param name="name">
/// The name of the module, the prefix of the blocks, or the hyper-parameter's source in config.json; <c>|</c> separates alternatives.
/// </param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HfAttribute(string member, string name) : Attribute
{
    /// <summary>The property.</summary>
    public string Member { get; } = member;

    /// <summary>The name of the module, or the prefix of the blocks.</summary>
    public string Name { get; } = name;

    /// <summary>For a tensor: <see cref="TensorAttribute.From"/>. The base's value does not apply to the new name.</summary>
    public string? From { get; set; }

    /// <summary>The classes of transformers for which a hyper-parameter has this source, separated by <c>|</c>; by default all.</summary>
    public string? For { get; set; }

    /// <summary>For a hyper-parameter: <see cref="HyperParameterAttribute.Unless"/>.</summary>
    public string? Unless { get; set; }
}

/// <summary>
/// One module of the checkpoint that holds the rows of several inherited tensors, one after the other: queries, keys and values, or gate and up. Their shapes
/// give the numbers of rows.
/// </summary>
/// <param name="name">The name of the module; <c>|</c> separates alternatives.</param>
/// <param name="members">The tensors, in the order of their rows; their shapes may not differ from layer to layer.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HfFusedAttribute(string name, params string[] members) : Attribute
{
    /// <summary>The name of the module.</summary>
    public string Name { get; } = name;

    /// <summary>The tensors.</summary>
    public IReadOnlyList<string> Members { get; } = members;
}

/// <summary>
/// Inherited tensors that the checkpoint has in another layout, all in the same: norms that multiply by 1 + w, matrices by columns. A module that a nearer
/// class names has the layout that it states.
/// </summary>
/// <param name="from">The method that makes each tensor of the file from the checkpoint's: <see cref="TensorAttribute.From"/>.</param>
/// <param name="members">The tensors: <c>nameof(OutputNorm), nameof(Layer.AttnNorm)</c>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HfFromAttribute(string from, params string[] members) : Attribute
{
    /// <summary>The method.</summary>
    public string From { get; } = from;

    /// <summary>The tensors.</summary>
    public IReadOnlyList<string> Members { get; } = members;
}

/// <summary>
/// A hyper-parameter that the checkpoint has as a tensor, a trained constant, rather than in config.json. Conversion reads it and writes the key.
/// </summary>
/// <param name="member">The hyper-parameter: <c>nameof(Beta)</c>.</param>
/// <param name="name">
/// The whole name of the tensor; <c>|</c> separates alternatives. With <c>{i}</c> for the number of a layer there is one tensor of one element for each,
/// and the key is the list of them; without it the key is the element, or the list of all elements.
/// </param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HfTensorAttribute(string member, string name) : Attribute
{
    /// <summary>The hyper-parameter.</summary>
    public string Member { get; } = member;

    /// <summary>The name of the tensor.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// A method of the architecture that makes the value from the tensor's elements, <c>Weights Method(Weights)</c>. It cannot read hyper-parameters: the
    /// file's keys are not known yet.
    /// </summary>
    public string? From { get; set; }
}

/// <summary>Tensors of a checkpoint that this architecture does not need, and the reason.</summary>
/// <param name="pattern">Their names in the checkpoint; <c>*</c> matches any text, <c>|</c> separates several.</param>
/// <param name="reason">The reason for ignoring them.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class IgnoredWeightsAttribute(string pattern, string reason) : Attribute
{
    /// <summary>Their names.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>The reason for ignoring them.</summary>
    public string Reason { get; } = reason;
}

/// <summary>
/// Tensors that conversion stores in the tensor type of matrices, although in other architectures it stores tensors of these names (routers, convolutions)
/// in F32.
/// </summary>
/// <param name="pattern">Their names in the file; <c>*</c> matches any text, <c>|</c> separates several.</param>
/// <param name="reason">The reason.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class StoredAsMatrixAttribute(string pattern, string reason) : Attribute
{
    /// <summary>Their names.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>The reason.</summary>
    public string Reason { get; } = reason;
}

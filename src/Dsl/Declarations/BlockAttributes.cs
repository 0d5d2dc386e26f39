namespace ArchGen;

/// <summary>Declares the blocks of a model: a <see cref="BlockList{T}"/>, one block per layer.</summary>
/// <param name="prefix">The prefix of the names of a block's tensors: <c>blk.{i}</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BlocksAttribute(string prefix) : Attribute
{
    /// <summary>The prefix of the names of a block's tensors.</summary>
    public string Prefix { get; } = prefix;

    /// <summary>The prefix of its module names in a Hugging Face checkpoint: <c>model.layers.{i}</c>; <c>|</c> separates alternatives.</summary>
    public string? Hf { get; set; }

    /// <summary>The hyper-parameter with the number of blocks, or an expression over several.</summary>
    public string? Count { get; set; }

    /// <summary>The number of the first block in the file, a hyper-parameter or an expression over several. Defaults to 0.</summary>
    public string? First { get; set; }

    /// <summary>
    /// Whether a file may lack these blocks, or have others in their place: the list is then empty, and a graph that calls one of them is refused, with the
    /// reason. For what only a further graph uses (<see cref="GraphAttribute"/>): a file without it loads all the same.
    /// </summary>
    public bool Optional { get; set; }

    /// <summary>
    /// The hyper-parameter with the number of blocks that a file may have after these and that this model does not use: those that predict further tokens.
    /// </summary>
    public string? Unused { get; set; }
}

/// <summary>The condition under which a layer is of this block class. One class of each list has no condition: it is used for all other layers.</summary>
/// <param name="condition">
/// A bool property of the model, a <see cref="LayerPattern"/> or a <c>PerLayer&lt;bool&gt;</c> of it, or a bool method of it that takes the block's index; or
/// a tensor of this block class: a layer is of this kind if the file has that tensor, in the shape that this kind declares.
/// </param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WhenAttribute(string condition) : Attribute
{
    /// <summary>The name of the property, method or tensor.</summary>
    public string Condition { get; } = condition;
}

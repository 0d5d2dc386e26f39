namespace ArchGen;

/// <summary>Declares the blocks of a model: a <see cref="BlockList{T}"/>, one block per layer.</summary>
/// <param name="prefix">What the names of a block's tensors begin with: <c>blk.{i}</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BlocksAttribute(string prefix) : Attribute
{
    /// <summary>What the names of a block's tensors begin with.</summary>
    public string Prefix { get; } = prefix;

    /// <summary>What the names of its modules begin with in a Hugging Face checkpoint: <c>model.layers.{i}</c>; alternatives are separated by <c>|</c>.</summary>
    public string? Hf { get; set; }

    /// <summary>The hyper-parameter that counts the blocks, or an expression over several.</summary>
    public string? Count { get; set; }

    /// <summary>
    /// The hyper-parameter that counts blocks after these which a file may have and this model does not use: those that predict further tokens.
    /// </summary>
    public string? Unused { get; set; }
}

/// <summary>A kind of block that stands where a condition holds. One kind of each list has no condition: it stands everywhere else.</summary>
/// <param name="condition">A bool property of the model, or a bool method of it that takes the block's index.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WhenAttribute(string condition) : Attribute
{
    /// <summary>The name of the property or method.</summary>
    public string Condition { get; } = condition;
}

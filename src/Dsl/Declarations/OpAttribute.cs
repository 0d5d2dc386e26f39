namespace ArchGen;

/// <summary>Marks a method of the op vocabulary: the function that a forward pass calls for an operation.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpAttribute(Op op) : Attribute
{
    /// <summary>The operation.</summary>
    public Op Op { get; } = op;

    /// <summary>The hyper-parameters that the method reads in addition to its arguments.</summary>
    public string[] Reads { get; set; } = [];

    /// <summary>The name of its node, <c>attn</c>; by default derived from an operand's.</summary>
    public string? Node { get; set; }
}

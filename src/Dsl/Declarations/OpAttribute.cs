namespace ArchGen;

/// <summary>Marks a word of the language: the method that stands for an operation in a forward pass.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpAttribute(Op op) : Attribute
{
    /// <summary>The operation.</summary>
    public Op Op { get; } = op;

    /// <summary>The hyper-parameters that the method reads by itself.</summary>
    public string[] Reads { get; set; } = [];

    /// <summary>The name of its node, where it does not follow from an operand's: <c>attn</c>.</summary>
    public string? Node { get; set; }
}

namespace ArchGen.Eager;

/// <summary>The reference of an operation.</summary>
internal delegate Operand ReferenceRule(ReferenceCall call);

/// <summary>One use of an operation with its tensors: the argument of its reference.</summary>
internal sealed class ReferenceCall(OpSpec spec, Attributes attributes, IReadOnlyList<Operand?> inputs, int[] outputDims, IReadOnlyList<int> positions)
{
    /// <summary>The shape of the result.</summary>
    public int[] OutputDims => outputDims;

    /// <summary>The position of each token.</summary>
    public IReadOnlyList<int> Positions => positions;

    /// <summary>The operand in a slot that is never empty.</summary>
    public Operand this[Slot slot] => Optional(slot) ?? throw new InvalidOperationException($"{spec.Word} has no operand '{new OperandSpec(slot).Name}'.");

    /// <summary>The operand, or null if the slot is empty.</summary>
    public Operand? Optional(Slot slot) => spec.IndexOf(slot) is var index && index >= 0 && index < inputs.Count ? inputs[index] : null;

    /// <summary>An attribute, 0 if it is not given.</summary>
    public double Number(Attr attribute) => attributes.Find(attribute) ?? 0;

    /// <summary>An attribute as a whole number, 0 if it is not given.</summary>
    public int Integer(Attr attribute) => attributes.Int32(attribute);

    /// <summary>A new result of zeros.</summary>
    public Operand NewOutput() => Operand.Zeros(outputDims);

    /// <summary>The same elements in the shape of the result.</summary>
    public Operand Reshape(Operand x) => new(x.Values, outputDims);
}

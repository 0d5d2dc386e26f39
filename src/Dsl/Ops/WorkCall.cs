using System;
using System.Collections.Generic;

namespace ArchGen;

/// <summary>One use of an operation, the argument of its work rule: all dimensions are numbers except the row count.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class WorkCall
{
    private readonly OpSpec _spec;
    private readonly Shape _result;
    private readonly IReadOnlyList<Shape?> _operands;
    private readonly Func<Slot, long> _bytes;
    private readonly Func<Attr, int> _attribute;

    /// <summary>A use of an operation.</summary>
    /// <param name="spec">The operation.</param>
    /// <param name="result">The shape of its result.</param>
    /// <param name="operands">The shapes of its operands in the order of <see cref="OpSpec.Operands"/>, null for an empty slot.</param>
    /// <param name="bytes">
    /// The bytes of an operand in memory: those of a weight, of a sequence's state, or of one position's keys or values; 0 for activations.
    /// </param>
    /// <param name="attribute">The numbers of the operation.</param>
    public WorkCall(OpSpec spec, Shape result, IReadOnlyList<Shape?> operands, Func<Slot, long> bytes, Func<Attr, int> attribute)
    {
        _spec = spec;
        _result = result;
        _operands = operands;
        _bytes = bytes;
        _attribute = attribute;
    }

    /// <summary>Elements of the result for each row.</summary>
    public double Outputs => PerRow(_result);

    /// <summary>Elements of an operand for each row.</summary>
    public double Inputs(Slot slot) => PerRow(Operand(slot));

    /// <summary>A dimension of an operand, counted from its end if negative.</summary>
    public double Size(Slot slot, int dimension)
    {
        var shape = Operand(slot);
        return Number(shape[dimension < 0 ? shape.Rank + dimension : dimension]);
    }

    /// <summary>Whether an operand is present.</summary>
    public bool Has(Slot slot) => Find(slot) is not null;

    /// <summary>Bytes of an operand in memory, 0 if its slot is empty.</summary>
    public double Bytes(Slot slot) => Has(slot) ? _bytes(slot) : 0;

    /// <summary>A number of the operation.</summary>
    public int Int32(Attr attribute) => _attribute(attribute);

    private Shape? Find(Slot slot) => _spec.IndexOf(slot) is var index && index >= 0 && index < _operands.Count ? _operands[index] : null;

    private Shape Operand(Slot slot) => Find(slot) ?? throw new InvalidOperationException($"{_spec.Word} has no operand '{new OperandSpec(slot).Name}'.");

    // The first dimension is the rows, unless it is a number: a constant is one row.
    private static double PerRow(Shape shape)
    {
        double elements = 1;
        for (var i = 0; i < shape.Rank; i++)
        {
            if (i > 0 || shape[i].IsConstant(out _)) elements *= Number(shape[i]);
        }

        return elements;
    }

    private static double Number(Dim dim) => dim.IsConstant(out var number) ? number : throw new InvalidOperationException($"{dim} is not a number");
}

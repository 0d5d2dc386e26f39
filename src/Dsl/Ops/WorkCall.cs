using System;
using System.Collections.Generic;

namespace ArchGen;

/// <summary>One use of an operation, as the rule of its work sees it: its shapes are numbers but for the rows.</summary>
public sealed class WorkCall
{
    private readonly Shape _result;
    private readonly IReadOnlyList<Shape?> _operands;
    private readonly Func<int, long> _bytes;
    private readonly Func<Attr, int> _attribute;

    /// <summary>A use of an operation.</summary>
    /// <param name="result">The shape of its result.</param>
    /// <param name="operands">The shapes of its operands, null where a slot is empty.</param>
    /// <param name="bytes">What an operand takes in memory: all of a weight, or of a sequence's state; of keys and values a position's; of activations nothing.</param>
    /// <param name="attribute">The numbers of the operation.</param>
    public WorkCall(Shape result, IReadOnlyList<Shape?> operands, Func<int, long> bytes, Func<Attr, int> attribute)
    {
        _result = result;
        _operands = operands;
        _bytes = bytes;
        _attribute = attribute;
    }

    /// <summary>Elements of the result for each row.</summary>
    public double Outputs => PerRow(_result);

    /// <summary>Elements of an operand for each row.</summary>
    public double Inputs(int operand) => PerRow(Operand(operand));

    /// <summary>A dimension of an operand, counted from its end if negative.</summary>
    public double Size(int operand, int dimension)
    {
        var shape = Operand(operand);
        return Number(shape[dimension < 0 ? shape.Rank + dimension : dimension]);
    }

    /// <summary>Whether an operand is there.</summary>
    public bool Has(int operand) => operand < _operands.Count && _operands[operand] is not null;

    /// <summary>Bytes of an operand in memory, 0 where its slot is empty.</summary>
    public double Bytes(int operand) => Has(operand) ? _bytes(operand) : 0;

    /// <summary>A number of the operation.</summary>
    public int Int32(Attr attribute) => _attribute(attribute);

    private Shape Operand(int operand) => _operands[operand] ?? throw new InvalidOperationException($"operand {operand} is empty");

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

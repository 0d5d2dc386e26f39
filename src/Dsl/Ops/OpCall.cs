using System;
using System.Collections.Generic;

namespace ArchGen;

/// <summary>One use of an operation, as its shape rule sees it: shapes and dimensions, symbolic at compile time, numbers at load.</summary>
public sealed class OpCall
{
    private readonly OpSpec _spec;
    private readonly IReadOnlyList<Shape?> _operands;
    private readonly Func<Attr, Dim?> _attribute;

    /// <summary>A use of an operation.</summary>
    public OpCall(OpSpec spec, IReadOnlyList<Shape?> operands, Func<Attr, Dim?> attribute)
    {
        _spec = spec;
        _operands = operands;
        _attribute = attribute;
    }

    /// <summary>The shape of the operand, or null where that slot is empty.</summary>
    public Shape? Optional(int operand) => operand < _operands.Count ? _operands[operand] : null;

    /// <summary>The shape of the operand.</summary>
    public Shape this[int operand] => _operands[operand] ?? throw new ShapeException(operand, $"{_spec.Word} needs its operand '{_spec.Operands[operand]}'");

    /// <summary>A dimension among the attributes.</summary>
    public Dim Dim(Attr attribute) => _attribute(attribute) ?? throw new ShapeException(-1, $"{_spec.Word} needs the number '{attribute}'");

    /// <summary>Demands a rank.</summary>
    public Shape Rank(int operand, int rank)
    {
        var shape = this[operand];
        return shape.Rank == rank ? shape : throw new ShapeException(operand, $"{Describe(operand)} has shape {shape}, expected {rank} dimensions");
    }

    /// <summary>Demands that two dimensions are equal.</summary>
    public void Equal(Dim found, Dim expected, int operand, string what)
    {
        if (!found.Equals(expected)) throw new ShapeException(operand, $"{Describe(operand)} has shape {this[operand]}: {what} is {found}, expected {expected}");
    }

    /// <summary>Demands a shape.</summary>
    public void Same(int operand, Shape expected)
    {
        if (Optional(operand) is { } shape && !TrimOnes(shape).Equals(TrimOnes(expected)))
        {
            throw new ShapeException(operand, $"{Describe(operand)} has shape {shape}, expected {expected}");
        }
    }

    /// <summary>Demands that one dimension is at least another, where both are numbers: at load what compile time cannot decide.</summary>
    public void AtLeast(Dim found, Dim least, int operand, string what)
    {
        if ((found - least).IsConstant(out var difference) && difference < 0) throw new ShapeException(operand, $"{what} of {_spec.Word} is {found}, expected at least {least}");
    }

    /// <summary>Demands that one dimension divides another, where both are numbers.</summary>
    public void Divides(Dim divisor, Dim found, int operand, string what)
    {
        if (!divisor.IsConstant(out var by) || !found.IsConstant(out var value)) return;
        if (by <= 0 || value % by != 0) throw new ShapeException(operand, $"{what} of {_spec.Word} is {found}, which is no multiple of {divisor}");
    }

    /// <summary>The shape of two operands combined element by element: trailing dimensions must agree, or be 1 on one side.</summary>
    public Shape Broadcast(int left, int right)
    {
        Shape a = this[left], b = this[right];
        var (longer, shorter) = a.Rank >= b.Rank ? (a, b) : (b, a);
        var dims = new Dim[longer.Rank];
        for (var i = 0; i < longer.Rank; i++)
        {
            var j = i - (longer.Rank - shorter.Rank);
            if (j < 0 || longer[i].Equals(shorter[j]) || IsOne(shorter[j])) dims[i] = longer[i];
            else if (IsOne(longer[i])) dims[i] = shorter[j];
            else throw new ShapeException(right, $"{_spec.Word} of {a} and {b}: {longer[i]} and {shorter[j]} differ");
        }

        return new Shape(dims);
    }

    private static bool IsOne(Dim dim) => dim.IsConstant(out var value) && value == 1;

    private static Shape TrimOnes(Shape shape)
    {
        var start = 0;
        while (start < shape.Rank - 1 && IsOne(shape[start])) start++;
        var dims = new Dim[shape.Rank - start];
        for (var i = 0; i < dims.Length; i++) dims[i] = shape[start + i];
        return new Shape(dims);
    }

    private string Describe(int operand) => $"operand '{_spec.Operands[operand].TrimEnd('?')}' of {_spec.Word}";
}

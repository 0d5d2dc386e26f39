using System;
using System.Collections.Generic;

namespace ArchGen;

/// <summary>One use of an operation, the argument of its shape rule: shapes and dimensions, symbolic at compile time, numbers at load.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class OpCall
{
    private readonly OpSpec _spec;
    private readonly IReadOnlyList<Shape?> _operands;
    private readonly Func<Attr, Dim?> _attribute;

    /// <summary>A use of an operation.</summary>
    /// <param name="spec">The operation.</param>
    /// <param name="operands">The shapes of its operands in the order of <see cref="OpSpec.Operands"/>, null for an empty slot.</param>
    /// <param name="attribute">Its numbers, null for one that is not given.</param>
    public OpCall(OpSpec spec, IReadOnlyList<Shape?> operands, Func<Attr, Dim?> attribute)
    {
        _spec = spec;
        _operands = operands;
        _attribute = attribute;
    }

    /// <summary>The shape of an operand.</summary>
    /// <exception cref="ShapeException">The slot is empty.</exception>
    public Shape this[Slot slot] => Optional(slot) ?? throw Fault(slot, $"{_spec.Word} needs its operand '{new OperandSpec(slot)}'");

    /// <summary>The shape of an operand, or null if its slot is empty.</summary>
    public Shape? Optional(Slot slot) => _spec.IndexOf(slot) is var index && index >= 0 && index < _operands.Count ? _operands[index] : null;

    /// <summary>A dimension among the attributes.</summary>
    /// <exception cref="ShapeException">It is not given.</exception>
    public Dim Dim(Attr attribute) => _attribute(attribute) ?? throw Fault(null, $"{_spec.Word} needs the number '{attribute}'");

    /// <summary>Requires a rank.</summary>
    public Shape Rank(Slot slot, int rank)
    {
        var shape = this[slot];
        return shape.Rank == rank ? shape : throw Fault(slot, $"{Describe(slot)} has shape {shape}, expected {rank} dimensions");
    }

    /// <summary>Requires that two dimensions are equal.</summary>
    public void Equal(Dim found, Dim expected, Slot slot, string what)
    {
        if (found is null) throw new ArgumentNullException(nameof(found));
        if (expected is null) throw new ArgumentNullException(nameof(expected));
        if (!found.Equals(expected)) throw Fault(slot, $"{Describe(slot)} has shape {this[slot]}: {what} is {found}, expected {expected}");
    }

    /// <summary>Requires a shape, if the operand is present.</summary>
    public void Same(Slot slot, Shape expected)
    {
        if (Optional(slot) is { } shape && !TrimOnes(shape).Equals(TrimOnes(expected)))
        {
            throw Fault(slot, $"{Describe(slot)} has shape {shape}, expected {expected}");
        }
    }

    /// <summary>Requires that one dimension is at least another, if both are numbers; symbolic dimensions are checked at load.</summary>
    /// <param name="found">The dimension.</param>
    /// <param name="least">Its lower bound.</param>
    /// <param name="slot">The operand whose dimension it is; null for an attribute.</param>
    /// <param name="what">What it is, in words.</param>
    public void AtLeast(Dim found, Dim least, Slot? slot, string what)
    {
        if (found is null) throw new ArgumentNullException(nameof(found));
        if (least is null) throw new ArgumentNullException(nameof(least));
        if ((found - least).IsConstant(out var difference) && difference < 0)
            throw Fault(slot, $"{what} of {_spec.Word} is {found}, expected at least {least}");
    }

    /// <summary>Requires that one dimension divides another, if both are numbers.</summary>
    /// <param name="divisor">The divisor.</param>
    /// <param name="found">The dimension that it must divide.</param>
    /// <param name="slot">The operand whose dimension it is; null for an attribute.</param>
    /// <param name="what">What it is, in words.</param>
    public void Divides(Dim divisor, Dim found, Slot? slot, string what)
    {
        if (divisor is null) throw new ArgumentNullException(nameof(divisor));
        if (found is null) throw new ArgumentNullException(nameof(found));
        if (!divisor.IsConstant(out var by) || !found.IsConstant(out var value)) return;
        if (by <= 0 || value % by != 0) throw Fault(slot, $"{what} of {_spec.Word} is {found}, which is no multiple of {divisor}");
    }

    /// <summary>The shape of two operands combined element by element: trailing dimensions must agree, or be 1 on one side.</summary>
    public Shape Broadcast(Slot left, Slot right)
    {
        Shape a = this[left], b = this[right];
        var (longer, shorter) = a.Rank >= b.Rank ? (a, b) : (b, a);
        var dims = new Dim[longer.Rank];
        for (var i = 0; i < longer.Rank; i++)
        {
            var j = i - (longer.Rank - shorter.Rank);
            if (j < 0 || longer[i].Equals(shorter[j]) || IsOne(shorter[j])) dims[i] = longer[i];
            else if (IsOne(longer[i])) dims[i] = shorter[j];
            else throw Fault(right, $"{_spec.Word} of {a} and {b}: {longer[i]} and {shorter[j]} differ");
        }

        return new Shape(dims);
    }

    /// <summary>The error of an operand or, if that is null, of a number.</summary>
    public ShapeException Fault(Slot? slot, string message) => new(slot is null ? -1 : _spec.IndexOf(slot.Value), message);

    private static bool IsOne(Dim dim) => dim.IsConstant(out var value) && value == 1;

    private static Shape TrimOnes(Shape shape)
    {
        var start = 0;
        while (start < shape.Rank - 1 && IsOne(shape[start])) start++;
        var dims = new Dim[shape.Rank - start];
        for (var i = 0; i < dims.Length; i++) dims[i] = shape[start + i];
        return new Shape(dims);
    }

    private string Describe(Slot slot) => $"operand '{new OperandSpec(slot).Name}' of {_spec.Word}";
}

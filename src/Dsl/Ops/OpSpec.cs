using System;
using System.Collections.Generic;

namespace ArchGen;

/// <summary>
/// The specification of an operation. All properties are required: code that omits one does not compile. The reference and the
/// mutations are in the same folder, that of its family.
/// </summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class OpSpec
{
    /// <summary>The operation.</summary>
    public required Op Op { get; init; }

    /// <summary>Its family.</summary>
    public required OpFamily Family { get; init; }

    /// <summary>Its name in graph listings: <c>rms_norm</c>.</summary>
    public required string Word { get; init; }

    /// <summary>Its operands in order.</summary>
    public required IReadOnlyList<OperandSpec> Operands { get; init; }

    /// <summary>The numbers it takes.</summary>
    public required IReadOnlyList<Attr> Attributes { get; init; }

    /// <summary>The rule for the shape of its result; null for a leaf, whose shape is given.</summary>
    public required Func<OpCall, Shape>? ShapeRule { get; init; }

    /// <summary>The rule for its work; null if nothing is computed and no weight is read.</summary>
    public required Func<WorkCall, OpWork>? WorkRule { get; init; }

    /// <summary>The rows on which its result for one token depends.</summary>
    public required RowDependence Rows { get; init; }

    /// <summary>Whether its elements are integers (token ids, positions, indices) rather than f32.</summary>
    public required bool IsInteger { get; init; }

    /// <summary>Whether it is a nonlinear function of each element.</summary>
    public required Nonlinearity Nonlinearity { get; init; }

    /// <summary>
    /// Whether its result may be right although an operand is wrong: a norm cancels a factor, a softmax a common summand. When two runs
    /// are compared, its result does not prove that its operands agree.
    /// </summary>
    public required bool HidesErrors { get; init; }

    /// <summary>The largest error of a backend's result against the reference on f32 weights, as a normalized mean squared error.</summary>
    public required double Tolerance { get; init; }

    /// <summary>Its nodes in ggml's graph.</summary>
    public required GgmlPeer Ggml { get; init; }

    /// <summary>Whether it is a leaf: given, not computed.</summary>
    public bool IsLeaf => ShapeRule is null;

    /// <summary>Whether it is an element-wise function of one operand.</summary>
    public bool IsUnary => Family == OpFamily.Elementwise && Operands.Count == 1;

    /// <summary>Whether it multiplies with a matrix in the file's tensor type.</summary>
    public bool IsProduct => IndexOf(Slot.Weight) is var slot and >= 0 && Operands[slot].IsStored;

    /// <summary>Whether it has a slot.</summary>
    public bool Has(Slot slot) => IndexOf(slot) >= 0;

    /// <summary>The index of a slot among the operands, or -1 if the operation does not have it.</summary>
    public int IndexOf(Slot slot)
    {
        for (var i = 0; i < Operands.Count; i++)
        {
            if (Operands[i].Slot == slot) return i;
        }

        return -1;
    }
}

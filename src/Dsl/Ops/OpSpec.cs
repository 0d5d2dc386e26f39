using System;
using System.Collections.Generic;

namespace ArchGen;

/// <summary>
/// What is true of an operation wherever it is used. All facts are required: an operation that leaves one out does not compile. Its reference and its
/// mutations stand beside it, in its family's folder.
/// </summary>
public sealed class OpSpec
{
    /// <summary>The operation.</summary>
    public required Op Op { get; init; }

    /// <summary>Its family.</summary>
    public required OpFamily Family { get; init; }

    /// <summary>Its word in texts: <c>rms_norm</c>.</summary>
    public required string Word { get; init; }

    /// <summary>Its operands in order.</summary>
    public required IReadOnlyList<OperandSpec> Operands { get; init; }

    /// <summary>The numbers it takes.</summary>
    public required IReadOnlyList<Attr> Attributes { get; init; }

    /// <summary>The rule for the shape of its result; null for a leaf, whose shape is given.</summary>
    public required Func<OpCall, Shape>? ShapeRule { get; init; }

    /// <summary>The rule for its work; null where nothing is computed and no weight is read.</summary>
    public required Func<WorkCall, OpWork>? WorkRule { get; init; }

    /// <summary>What its result for one token depends on.</summary>
    public required RowDependence Rows { get; init; }

    /// <summary>Whether its elements are integers (token ids, positions, indices) rather than f32.</summary>
    public required bool IsInteger { get; init; }

    /// <summary>Whether it is a nonlinear function of each element.</summary>
    public required Nonlinearity Nonlinearity { get; init; }

    /// <summary>
    /// Whether its result may be right though an operand is wrong: a norm takes back a factor, a softmax what all elements have in common. Where two runs
    /// are compared, what comes before it is not known to be right.
    /// </summary>
    public required bool HidesErrors { get; init; }

    /// <summary>How far a backend's result may be from the reference's on f32 weights, as a normalized mean squared error.</summary>
    public required double Tolerance { get; init; }

    /// <summary>How ggml computes it.</summary>
    public required GgmlPeer Ggml { get; init; }

    /// <summary>Whether it is given, not computed.</summary>
    public bool IsLeaf => ShapeRule is null;

    /// <summary>Whether it is a function of each element of one operand by itself.</summary>
    public bool IsUnary => Family == OpFamily.Elementwise && Operands.Count == 1;

    /// <summary>Whether it multiplies with a matrix that is read as it is stored in the file.</summary>
    public bool IsProduct => IndexOf(Slot.Weight) is var slot and >= 0 && Operands[slot].IsStored;

    /// <summary>Whether it has such a slot.</summary>
    public bool Has(Slot slot) => IndexOf(slot) >= 0;

    /// <summary>The place of a slot among the operands, or -1 if the operation has none such.</summary>
    public int IndexOf(Slot slot)
    {
        for (var i = 0; i < Operands.Count; i++)
        {
            if (Operands[i].Slot == slot) return i;
        }

        return -1;
    }
}

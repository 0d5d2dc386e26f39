using System;
using System.Collections.Generic;

namespace ArchGen;

/// <summary>What an operation takes: the fixed slots of its operands (some may be empty), its numbers, the shape of its result, and the work it takes.</summary>
public sealed class OpSpec
{
    /// <summary>Describes an operation.</summary>
    /// <param name="op">The operation.</param>
    /// <param name="word">Its word in texts: <c>rms_norm</c>.</param>
    /// <param name="operands">The names of its operands in order; a name that ends with <c>?</c> may be empty.</param>
    /// <param name="attributes">The numbers it takes.</param>
    /// <param name="shape">The shape rule; leaves have none.</param>
    /// <param name="work">The rule of its work; none where nothing is computed.</param>
    public OpSpec(Op op, string word, string[] operands, Attr[] attributes, Func<OpCall, Shape>? shape, Func<WorkCall, OpWork>? work = null)
    {
        Op = op;
        Word = word;
        Operands = operands;
        Attributes = attributes;
        ShapeRule = shape;
        WorkRule = work;
    }

    /// <summary>The operation.</summary>
    public Op Op { get; }

    /// <summary>Its word in texts.</summary>
    public string Word { get; }

    /// <summary>The names of its operands; a name that ends with <c>?</c> may be empty.</summary>
    public IReadOnlyList<string> Operands { get; }

    /// <summary>The numbers it takes.</summary>
    public IReadOnlyList<Attr> Attributes { get; }

    /// <summary>The shape rule, null for a leaf.</summary>
    public Func<OpCall, Shape>? ShapeRule { get; }

    /// <summary>The rule of its work, null where nothing is computed and no weight is read.</summary>
    public Func<WorkCall, OpWork>? WorkRule { get; }

    /// <summary>Whether an operand may be left empty.</summary>
    public bool IsOptional(int operand) => Operands[operand].EndsWith("?", StringComparison.Ordinal);

    /// <summary>The name of an operand, without the mark of an optional one.</summary>
    public string OperandName(int operand) => Operands[operand].TrimEnd('?');
}

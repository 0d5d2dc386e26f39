using System;

namespace ArchGen;

/// <summary>An operand that does not fit.</summary>
public sealed class ShapeException(int operand, string message) : Exception(message)
{
    /// <summary>The slot of the operand at fault, or -1 if it is a number.</summary>
    public int Operand { get; } = operand;
}

using System;

namespace ArchGen;

/// <summary>
/// An operand does not fit its operation, in a shape rule (<see cref="OpTable.Infer"/>) or while a graph is built by hand. The caller gives other operands; in
/// the forward pass of a declared architecture the compiler reports it, and in a model's file it becomes a <c>ModelFileException</c>.
/// </summary>
/// <param name="operand">The slot of the operand at fault, or -1 if it is a number.</param>
/// <param name="message">The message.</param>
public sealed class ShapeException(int operand, string message) : Exception(message)
{
    /// <summary>The slot of the operand at fault, or -1 if it is a number.</summary>
    public int Operand { get; } = operand;
}

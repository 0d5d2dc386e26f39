using ArchGen.Graphs;

namespace ArchGen.Runtime.Planning;

/// <summary>Memory that a plan asks a backend for: of a value, or scratch memory of a step.</summary>
/// <param name="Backend">The index of its backend in <see cref="PlanRequest.Backends"/>.</param>
/// <param name="Bytes">Its size.</param>
internal sealed class PlanBuffer(int Backend, long Bytes)
{
    /// <summary>The place of its backend in <see cref="PlanRequest.Backends"/>.</summary>
    public int Backend { get; } = Backend;

    /// <summary>Its size.</summary>
    public long Bytes { get; } = Bytes;

    /// <summary>Whether it keeps its contents from one run of the plan to the next, and so is not part of the arena.</summary>
    public bool IsPersistent { get; init; }

    /// <summary>The weight whose elements it holds as 32-bit floats; null if steps write it.</summary>
    public Node? Weight { get; init; }

    /// <summary>The first step that uses it.</summary>
    public int First { get; private set; } = int.MaxValue;

    /// <summary>The last step that uses it; -1 if none does.</summary>
    public int Last { get; private set; } = -1;

    /// <summary>Its place in the backend's arena, in bytes; -1 if it is not part of it.</summary>
    public long Offset { get; private set; } = -1;

    /// <summary>Notes that a step uses it.</summary>
    public void UseAt(int step) => (First, Last) = (Math.Min(First, step), Math.Max(Last, step));

    /// <summary>Gives it its place in the arena.</summary>
    public void PlaceAt(long offset) => Offset = offset;
}

/// <summary>
/// A value of shape [rows, heads, width]: a part of a buffer. Elements have 4 bytes: 32-bit floats, or integers where the node's are.
/// Strides are in elements, and 0 where heads repeat.
/// </summary>
internal sealed record PlanValue(PlanBuffer Buffer, RowCount Rows, long Offset, int Heads, int Width, long RowStride, long HeadStride)
{
    /// <summary>Elements of a row, all heads together.</summary>
    public int ElementsPerRow => Heads * Width;

    /// <summary>Whether the elements of a row follow each other.</summary>
    public bool HasDenseRows => Heads == 1 || HeadStride == Width;

    /// <summary>Whether all heads of all rows are evenly spaced, as rows of a matrix are.</summary>
    public bool IsMatrix => Heads == 1 || RowStride == Heads * HeadStride;
}

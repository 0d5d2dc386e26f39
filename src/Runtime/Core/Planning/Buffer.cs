using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Planning;

/// <summary>Memory of a value or of a kernel's own; its place is known when all buffers are.</summary>
internal sealed unsafe class Buffer
{
    public required long Bytes { get; init; }

    /// <summary>Whether it keeps its contents from one run of the plan to the next, and so has memory to itself.</summary>
    public bool IsPersistent { get; set; }

    /// <summary>The first step that uses it.</summary>
    public int First { get; private set; } = int.MaxValue;

    /// <summary>The last step that uses it.</summary>
    public int Last { get; private set; } = -1;

    public nint Pointer { get; set; }

    public void UseAt(int step) => (First, Last) = (Math.Min(First, step), Math.Max(Last, step));

    public static implicit operator float*(Buffer buffer) => (float*)buffer.Pointer;

    public static implicit operator byte*(Buffer buffer) => (byte*)buffer.Pointer;

    public static implicit operator int*(Buffer buffer) => (int*)buffer.Pointer;
}

/// <summary>A node's value: which part of which buffer; strides in elements, 0 where heads repeat.</summary>
internal sealed unsafe record Value(Buffer Buffer, RowCount Rows, long Offset, int Heads, int Width, long RowStride, long HeadStride)
{
    public int ElementsPerRow => Heads * Width;

    /// <summary>Whether the elements of a row follow each other.</summary>
    public bool HasDenseRows => Heads == 1 || HeadStride == Width;

    /// <summary>Whether all heads of all rows are evenly spaced, as rows of a matrix are.</summary>
    public bool IsMatrix => Heads == 1 || RowStride == Heads * HeadStride;

    /// <summary>The value in memory; only once buffers have been placed.</summary>
    public TensorView View() => new((float*)Buffer.Pointer + Offset, Heads, Width, RowStride, HeadStride);
}

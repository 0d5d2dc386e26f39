namespace ArchGen.Vulkan.Execution;

/// <summary>Where a value of shape [rows, heads, width] lies on the device; strides are in elements, and 0 where an element serves a whole dimension.</summary>
/// <param name="Address">Its first element.</param>
/// <param name="Heads">Heads of a row.</param>
/// <param name="Width">Elements of a head.</param>
/// <param name="RowStride">From one row to the next.</param>
/// <param name="HeadStride">From one head to the next.</param>
/// <param name="WidthStride">From one element to the next.</param>
internal readonly record struct ValueView(ulong Address, int Heads, int Width, long RowStride, long HeadStride, int WidthStride = 1)
{
    public int ElementsPerRow => Heads * Width;

    /// <summary>Whether the elements of a row follow each other without a gap.</summary>
    public bool HasDenseRows => (Heads == 1 || HeadStride == Width) && (Width == 1 || WidthStride == 1);

    /// <summary>From one row of a matrix to the next, heads being rows, too.</summary>
    public long MatrixStride => Heads > 1 ? HeadStride : RowStride;
}

namespace ArchGen.Cpu.Steps;

/// <summary>The address of a value of shape [rows, heads, width]; strides are in elements, and 0 if an element is broadcast along a dimension.</summary>
internal readonly unsafe struct TensorView(float* data, int heads, int width, long rowStride, long headStride, int widthStride = 1)
{
    public readonly float* Data = data;
    public readonly int Heads = heads;
    public readonly int Width = width;
    public readonly long RowStride = rowStride;
    public readonly long HeadStride = headStride;
    public readonly int WidthStride = widthStride;

    public int ElementsPerRow => Heads * Width;

    /// <summary>Whether the elements of a row are contiguous.</summary>
    public bool HasDenseRows => (Heads == 1 || HeadStride == Width) && (Width == 1 || WidthStride == 1);

    public float* Row(long row) => Data + (row * RowStride);

    public float* Row(long row, int head) => Data + (row * RowStride) + (head * HeadStride);

    /// <summary>The same elements with all heads of a row as one; rows must be dense.</summary>
    public TensorView Joined() => new(Data, 1, ElementsPerRow, RowStride, ElementsPerRow, WidthStride);
}

namespace ArchGen.Gguf.Checkpoints.Torch;

/// <summary>A tensor of a pickle: a view of a storage.</summary>
/// <param name="Storage">The name of the storage's entry.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Offset">The first element of the view.</param>
/// <param name="Shape">The dimensions, slowest first.</param>
/// <param name="Strides">The stride of each dimension, in elements.</param>
internal sealed record PickledTensor(string Storage, CheckpointType Type, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>Whether the elements are contiguous and row-major.</summary>
    public bool IsContiguous
    {
        get
        {
            var expected = 1L;
            for (var d = Shape.Length - 1; d >= 0; d--)
            {
                if (Shape[d] != 1 && Strides[d] != expected) return false;
                expected *= Shape[d];
            }

            return true;
        }
    }
}

namespace ArchGen.Gguf.Checkpoints.Torch;

/// <summary>What a pickle says of a tensor: a view of a storage.</summary>
/// <param name="Storage">The name of the storage's entry.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Offset">The first element of the view.</param>
/// <param name="Shape">The dimensions, slowest first.</param>
/// <param name="Strides">How many elements apart neighbours of each dimension are.</param>
internal sealed record PickledTensor(string Storage, CheckpointType Type, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>Whether the elements lie row-major, one after the other.</summary>
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

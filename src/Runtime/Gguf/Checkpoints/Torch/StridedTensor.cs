namespace ArchGen.Gguf.Checkpoints.Torch;

/// <summary>A view of a storage whose elements are not row-major, such as a matrix that was saved transposed.</summary>
internal sealed class StridedTensor(string name, StoredTensor storage, long offset, long[] shape, long[] strides)
    : CheckpointTensor(name, storage.Type, shape, [name], storage.Place)
{
    private protected override void ReadElements(long first, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            var (rest, at) = (first + i, offset);
            for (var d = Shape.Count - 1; d >= 0; d--)
            {
                (rest, var index) = Math.DivRem(rest, Shape[d]);
                at += index * strides[d];
            }

            storage.Read(at, destination.Slice(i, 1));
        }
    }
}

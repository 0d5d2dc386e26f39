namespace ArchGen.Gguf.Checkpoints.Quantized;

/// <summary>Signed 4-bit numbers, eight in an I32, the lowest first, stored with 8 added (compressed-tensors, pack-quantized).</summary>
internal sealed unsafe class PackedInt4Tensor(string name, StoredTensor packed, long rows, long columns)
    : CheckpointTensor(name, CheckpointType.Quantized, [rows, columns], [packed.Name], packed.Place)
{
    private readonly long _words = packed.Shape[^1];

    private protected override void ReadElements(long first, Span<float> destination)
    {
        var words = (uint*)packed.Pointer;
        for (var i = 0; i < destination.Length; i++)
        {
            var (row, column) = Math.DivRem(first + i, columns);
            var word = System.Runtime.CompilerServices.Unsafe.ReadUnaligned<uint>(words + (row * _words) + (column / 8));
            destination[i] = (int)((word >> (4 * (int)(column % 8))) & 15) - 8;
        }
    }
}

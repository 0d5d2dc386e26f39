namespace ArchGen.Gguf.Checkpoints.Quantized;

/// <summary>
/// MXFP4 (OCP Microscaling Formats 1.0): <c>X_blocks</c> [..., blocks, 16] with neighbours in one byte, the first in the low nibble, and <c>X_scales</c>
/// [..., blocks], powers of two with bias 127. It reads as [..., 32*blocks].
/// </summary>
internal sealed unsafe class Mxfp4Tensor : CheckpointTensor
{
    private const int BlockSize = 32, BlockBytes = 16, StoredBytes = 1 + BlockBytes;

    private static readonly float[] Magnitudes = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6];

    private readonly StoredTensor _blocks, _scales;

    public Mxfp4Tensor(string name, StoredTensor blocks, StoredTensor scales)
        : base(name, CheckpointType.Mxfp4, [.. scales.Shape.SkipLast(1), scales.Shape[^1] * BlockSize], [blocks.Name, scales.Name], blocks.Place)
    {
        (_blocks, _scales) = (blocks, scales);
        if (blocks.Type != CheckpointType.U8 || scales.Type != CheckpointType.U8 || !blocks.Shape.SequenceEqual([.. scales.Shape, BlockBytes]))
        {
            throw new ModelFileException($"{Place}: {blocks} and {scales} do not fit together; expected blocks of {BlockBytes} bytes with a scale each. "
                + "Download the checkpoint again.");
        }
    }

    public override void ReadMxfp4(long firstBlock, Span<byte> blocks)
    {
        for (var block = firstBlock; blocks.Length >= StoredBytes; block++, blocks = blocks[StoredBytes..])
        {
            var source = new ReadOnlySpan<byte>(_blocks.Pointer + (block * BlockBytes), BlockBytes);
            blocks[0] = _scales.Pointer[block];
            for (var j = 0; j < BlockBytes; j++) blocks[1 + j] = (byte)(Nibble(source, j) | (Nibble(source, j + BlockBytes) << 4));
        }
    }

    private protected override void ReadElements(long first, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            var (block, place) = Math.DivRem(first + i, BlockSize);
            var nibble = Nibble(new ReadOnlySpan<byte>(_blocks.Pointer + (block * BlockBytes), BlockBytes), (int)place);
            destination[i] = (nibble < 8 ? 1 : -1) * MathF.ScaleB(Magnitudes[nibble & 7], _scales.Pointer[block] - 127);
        }
    }

    private static int Nibble(ReadOnlySpan<byte> block, int place) => (block[place / 2] >> (4 * (place % 2))) & 15;
}

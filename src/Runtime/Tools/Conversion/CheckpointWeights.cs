using ArchGen.Gguf.Checkpoints;

namespace ArchGen.Tools.Conversion;

/// <summary>A tensor as the checkpoint has it.</summary>
internal sealed class CheckpointWeights(CheckpointTensor tensor) : Weights
{
    public override IReadOnlyList<long> Shape => tensor.Shape;

    public override WeightsStorage? Storage { get; } = tensor.Type switch
    {
        CheckpointType.Mxfp4 => WeightsStorage.Mxfp4,
        // Parts of several files, and views of storages, are read as numbers only.
        _ when !tensor.TryGetMemory(out _, out _) => null,
        CheckpointType.F32 => WeightsStorage.F32,
        CheckpointType.F16 => WeightsStorage.F16,
        CheckpointType.BF16 => WeightsStorage.BF16,
        _ => null,
    };

    public override IEnumerable<string> Sources => [tensor.Name];

    public override void Read(long first, Span<float> destination) => tensor.Read(first, destination);

    public override unsafe void ReadStored(long first, Span<byte> destination)
    {
        if (tensor.Type == CheckpointType.Mxfp4)
        {
            tensor.ReadMxfp4(first / WeightsStorage.Mxfp4.BlockSize, destination);
            return;
        }

        if (!tensor.TryGetMemory(out var pointer, out _)) throw new NotSupportedException($"{tensor.Name} is not contiguous in memory.");
        new ReadOnlySpan<byte>((byte*)pointer + Storage!.ByteLength(first), destination.Length).CopyTo(destination);
    }

    public override bool TryGetMemory(out nint pointer) => tensor.TryGetMemory(out pointer, out _);
}

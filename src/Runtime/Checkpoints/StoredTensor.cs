using ArchGen.Safetensors;

namespace ArchGen.Checkpoints;

/// <summary>A tensor whose elements lie row-major in one piece of a mapped file.</summary>
internal sealed unsafe class StoredTensor(string name, IReadOnlyList<long> shape, CheckpointType type, string place, Func<nint> pointer) : CheckpointTensor
{
    /// <summary>A tensor of a safetensors file.</summary>
    /// <exception cref="ArchGenException">Its type has no meaning as numbers.</exception>
    public StoredTensor(SafetensorsTensor tensor, string place)
        : this(tensor.Name, tensor.Shape, TypeOf(tensor.Type), place, () => (nint)tensor.Pointer)
    {
    }

    public override string Name => name;

    public override IReadOnlyList<long> Shape => shape;

    public override CheckpointType Type => type;

    public override string Place => place;

    public override void Read(long first, Span<float> destination)
    {
        Check(first, destination.Length);
        ElementReader.Read(type, (byte*)pointer() + (first * type.Bytes()), destination);
    }

    public override bool TryGetMemory(out nint address, out long bytes)
    {
        (address, bytes) = (pointer(), ElementCount * type.Bytes());
        return true;
    }

    private static CheckpointType TypeOf(SafetensorsType type) => type switch
    {
        SafetensorsType.Bool => CheckpointType.Bool,
        SafetensorsType.U8 => CheckpointType.U8,
        SafetensorsType.I8 => CheckpointType.I8,
        SafetensorsType.F8E5M2 => CheckpointType.F8E5M2,
        SafetensorsType.F8E4M3 => CheckpointType.F8E4M3,
        SafetensorsType.I16 => CheckpointType.I16,
        SafetensorsType.U16 => CheckpointType.U16,
        SafetensorsType.F16 => CheckpointType.F16,
        SafetensorsType.BF16 => CheckpointType.BF16,
        SafetensorsType.I32 => CheckpointType.I32,
        SafetensorsType.U32 => CheckpointType.U32,
        SafetensorsType.F32 => CheckpointType.F32,
        SafetensorsType.F64 => CheckpointType.F64,
        SafetensorsType.I64 => CheckpointType.I64,
        SafetensorsType.U64 => CheckpointType.U64,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}

using ArchGen.Gguf.Files;
using ArchGen.Gguf.Safetensors;

namespace ArchGen.Gguf.Checkpoints;

/// <summary>A tensor whose elements are contiguous in a mapped file.</summary>
internal sealed unsafe class StoredTensor : CheckpointTensor
{
    private readonly FileMemory _memory;
    private readonly long _offset;
    private readonly string _storedType;

    /// <param name="storedType">The type's name in the file.</param>
    /// <param name="offset">The offset of the data, all of which was checked to be within the file.</param>
    public StoredTensor(string name, CheckpointType type, string storedType, IReadOnlyList<long> shape, FileMemory memory, long offset, string place)
        : base(name, type, shape, [name], place)
    {
        (_memory, _offset, _storedType) = (memory, offset, storedType);
    }

    public StoredTensor(SafetensorsTensor tensor, string place)
        : this(tensor.Name, ElementTypes.Of(tensor.Type), tensor.Type.ToString(), tensor.Shape, tensor.Memory, tensor.Offset, place)
    {
    }

    /// <summary>The first byte.</summary>
    public byte* Pointer => _memory.Start + _offset;

    public override bool TryGetMemory(out nint pointer, out long bytes)
    {
        if (Type == CheckpointType.Opaque) return base.TryGetMemory(out pointer, out bytes);
        (pointer, bytes) = ((nint)Pointer, ElementCount * Type.Bytes());
        return true;
    }

    private protected override void ReadElements(long first, Span<float> destination)
    {
        if (Type == CheckpointType.Opaque)
        {
            throw new ModelFileException($"{Place}: tensor {MessageText.Quote(Name)} is {_storedType}, which is not read as numbers. "
                + "Save it in a float or integer type.");
        }

        ElementReader.Read(Type, Pointer + (first * Type.Bytes()), destination);
    }
}

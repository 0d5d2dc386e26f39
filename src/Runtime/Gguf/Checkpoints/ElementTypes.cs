using ArchGen.Gguf.Safetensors;

namespace ArchGen.Gguf.Checkpoints;

/// <summary>Facts of the element types that are stored one by one.</summary>
internal static class ElementTypes
{
    public static int Bytes(this CheckpointType type) => type switch
    {
        CheckpointType.F64 or CheckpointType.I64 or CheckpointType.U64 => 8,
        CheckpointType.F32 or CheckpointType.I32 or CheckpointType.U32 => 4,
        CheckpointType.F16 or CheckpointType.BF16 or CheckpointType.I16 or CheckpointType.U16 => 2,
        CheckpointType.F8E4M3 or CheckpointType.F8E5M2 or CheckpointType.I8 or CheckpointType.U8 or CheckpointType.Bool => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not stored element by element"),
    };

    public static CheckpointType Of(SafetensorsType type) => type switch
    {
        SafetensorsType.F64 => CheckpointType.F64,
        SafetensorsType.F32 => CheckpointType.F32,
        SafetensorsType.F16 => CheckpointType.F16,
        SafetensorsType.BF16 => CheckpointType.BF16,
        SafetensorsType.F8E4M3 => CheckpointType.F8E4M3,
        SafetensorsType.F8E5M2 => CheckpointType.F8E5M2,
        SafetensorsType.I64 => CheckpointType.I64,
        SafetensorsType.I32 => CheckpointType.I32,
        SafetensorsType.I16 => CheckpointType.I16,
        SafetensorsType.I8 => CheckpointType.I8,
        SafetensorsType.U64 => CheckpointType.U64,
        SafetensorsType.U32 => CheckpointType.U32,
        SafetensorsType.U16 => CheckpointType.U16,
        SafetensorsType.U8 => CheckpointType.U8,
        SafetensorsType.Bool => CheckpointType.Bool,
        _ => CheckpointType.Opaque,
    };
}

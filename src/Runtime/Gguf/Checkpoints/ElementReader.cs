using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Gguf.Checkpoints;

/// <summary>Stored elements of any alignment as f32: exact for floats of up to 32 bits, rounded to nearest even for what f32 cannot hold.</summary>
internal static unsafe class ElementReader
{
    private static readonly float[] E4M3 = [.. Enumerable.Range(0, 256).Select(bits => Float8.FromE4M3((byte)bits))];
    private static readonly float[] E5M2 = [.. Enumerable.Range(0, 256).Select(bits => Float8.FromE5M2((byte)bits))];

    public static void Read(CheckpointType type, byte* source, Span<float> destination)
    {
        switch (type)
        {
            case CheckpointType.F64:
                for (var i = 0; i < destination.Length; i++) destination[i] = (float)Unsafe.ReadUnaligned<double>(source + (i * 8L));
                break;
            case CheckpointType.F32:
                for (var i = 0; i < destination.Length; i++) destination[i] = Unsafe.ReadUnaligned<float>(source + (i * 4L));
                break;
            case CheckpointType.F16:
                ReadHalves((ushort*)source, destination);
                break;
            case CheckpointType.BF16:
                ReadBrainFloats((ushort*)source, destination);
                break;
            case CheckpointType.F8E4M3:
                for (var i = 0; i < destination.Length; i++) destination[i] = E4M3[source[i]];
                break;
            case CheckpointType.F8E5M2:
                for (var i = 0; i < destination.Length; i++) destination[i] = E5M2[source[i]];
                break;
            case CheckpointType.I64:
                for (var i = 0; i < destination.Length; i++) destination[i] = Unsafe.ReadUnaligned<long>(source + (i * 8L));
                break;
            case CheckpointType.I32:
                for (var i = 0; i < destination.Length; i++) destination[i] = Unsafe.ReadUnaligned<int>(source + (i * 4L));
                break;
            case CheckpointType.I16:
                for (var i = 0; i < destination.Length; i++) destination[i] = Unsafe.ReadUnaligned<short>(source + (i * 2L));
                break;
            case CheckpointType.I8:
                for (var i = 0; i < destination.Length; i++) destination[i] = (sbyte)source[i];
                break;
            case CheckpointType.U64:
                for (var i = 0; i < destination.Length; i++) destination[i] = Unsafe.ReadUnaligned<ulong>(source + (i * 8L));
                break;
            case CheckpointType.U32:
                for (var i = 0; i < destination.Length; i++) destination[i] = Unsafe.ReadUnaligned<uint>(source + (i * 4L));
                break;
            case CheckpointType.U16:
                for (var i = 0; i < destination.Length; i++) destination[i] = Unsafe.ReadUnaligned<ushort>(source + (i * 2L));
                break;
            default:
                for (var i = 0; i < destination.Length; i++) destination[i] = source[i];
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadBrainFloats(ushort* source, Span<float> destination)
    {
        ref var target = ref MemoryMarshal.GetReference(destination);
        var i = 0;
        for (; i <= destination.Length - Vector512<float>.Count; i += Vector512<float>.Count)
            (Vector512.WidenLower(Vector512.Create(Vector256.Load(source + i), default)) << 16).AsSingle().StoreUnsafe(ref target, (nuint)i);
        for (; i < destination.Length; i++) destination[i] = BitConverter.UInt32BitsToSingle((uint)Unsafe.ReadUnaligned<ushort>(source + i) << 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadHalves(ushort* source, Span<float> destination)
    {
        ref var target = ref MemoryMarshal.GetReference(destination);
        // Exponent and fraction, moved into place, are 2^-112 times the number, subnormal ones too; only infinities and NaNs keep their exponent apart.
        var rebias = Vector256.Create(BitConverter.UInt32BitsToSingle((127u + 112) << 23));
        var i = 0;
        for (; i <= destination.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var bits = Widen(source + i);
            var magnitude = Vector256.ShiftLeft(bits & Vector256.Create(0x7FFFu), 13);
            var finite = (magnitude.AsSingle() * rebias).AsUInt32();
            var special = magnitude | Vector256.Create(0x7F800000u);
            var isSpecial = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(0x7C00u << 13));
            var sign = Vector256.ShiftLeft(bits & Vector256.Create(0x8000u), 16);
            (Vector256.ConditionalSelect(isSpecial, special, finite) | sign).AsSingle().StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < destination.Length; i++) destination[i] = (float)Unsafe.ReadUnaligned<Half>(source + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Widen(ushort* source)
    {
        var narrow = Vector128.Load(source);
        return Vector256.Create(Vector128.WidenLower(narrow), Vector128.WidenUpper(narrow));
    }
}

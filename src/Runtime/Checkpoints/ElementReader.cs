using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Checkpoints;

/// <summary>Stored elements as f32.</summary>
internal static unsafe class ElementReader
{
    private static readonly float[] E4M3 = [.. Enumerable.Range(0, 256).Select(b => Decode(b, exponentBits: 4, bias: 7, hasInfinity: false))];
    private static readonly float[] E5M2 = [.. Enumerable.Range(0, 256).Select(b => Decode(b, exponentBits: 5, bias: 15, hasInfinity: true))];

    /// <summary>Reads elements that lie one after the other, at any address, little-endian.</summary>
    public static void Read(CheckpointType type, byte* source, Span<float> destination)
    {
        switch (type)
        {
            case CheckpointType.F32: MemoryMarshal.Cast<byte, float>(new ReadOnlySpan<byte>(source, destination.Length * 4)).CopyTo(destination); break;
            case CheckpointType.BF16: BFloat16((ushort*)source, destination); break;
            case CheckpointType.F16: Each<Half>(source, destination); break;
            case CheckpointType.F64: Each<double>(source, destination); break;
            case CheckpointType.I64: Each<long>(source, destination); break;
            case CheckpointType.I32: Each<int>(source, destination); break;
            case CheckpointType.I16: Each<short>(source, destination); break;
            case CheckpointType.I8: Each<sbyte>(source, destination); break;
            case CheckpointType.U64: Each<ulong>(source, destination); break;
            case CheckpointType.U32: Each<uint>(source, destination); break;
            case CheckpointType.U16: Each<ushort>(source, destination); break;
            case CheckpointType.U8 or CheckpointType.Bool: Each<byte>(source, destination); break;
            case CheckpointType.F8E4M3: Table(E4M3, source, destination); break;
            case CheckpointType.F8E5M2: Table(E5M2, source, destination); break;
            default: throw new ArgumentOutOfRangeException(nameof(type));
        }
    }

    private static void BFloat16(ushort* source, Span<float> destination)
    {
        var i = 0;
        fixed (float* target = destination)
        {
            for (; i <= destination.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
            {
                var (low, high) = Vector256.Widen(Vector256.Load(source + i));
                (low << 16).AsSingle().Store(target + i);
                (high << 16).AsSingle().Store(target + i + Vector256<float>.Count);
            }

            for (; i < destination.Length; i++) target[i] = BitConverter.UInt32BitsToSingle((uint)Unsafe.ReadUnaligned<ushort>(source + i) << 16);
        }
    }

    private static void Each<T>(byte* source, Span<float> destination)
        where T : unmanaged, INumberBase<T>
    {
        for (var i = 0; i < destination.Length; i++) destination[i] = float.CreateSaturating(Unsafe.ReadUnaligned<T>(source + ((long)i * sizeof(T))));
    }

    private static void Table(float[] table, byte* source, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++) destination[i] = table[source[i]];
    }

    /// <summary>An 8-bit float (arXiv:2209.05433): without infinities only all ones is no number, with them IEEE's rule holds.</summary>
    private static float Decode(int bits, int exponentBits, int bias, bool hasInfinity)
    {
        var mantissaBits = 7 - exponentBits;
        int exponent = (bits >> mantissaBits) & ((1 << exponentBits) - 1), mantissa = bits & ((1 << mantissaBits) - 1);
        var sign = bits < 128 ? 1f : -1f;
        if (exponent == (1 << exponentBits) - 1 && (hasInfinity || mantissa == (1 << mantissaBits) - 1)) return hasInfinity && mantissa == 0 ? sign * float.PositiveInfinity : float.NaN;
        var fraction = (float)mantissa / (1 << mantissaBits);
        return sign * (exponent == 0 ? MathF.ScaleB(fraction, 1 - bias) : MathF.ScaleB(1 + fraction, exponent - bias));
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.TQ1_0;

/// <summary>Digits less 1 times the scale.</summary>
internal readonly unsafe struct TQ1_0Decoder : IBlockFormat
{
    public static int Weights => TQ1_0Block.Weights;

    public static int Bytes => sizeof(TQ1_0Block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= TQ1_0Block.Weights, source += sizeof(TQ1_0Block))
        {
            var block = (TQ1_0Block*)source;
            var scale = TSimd.Broadcast(ScaleTables.Half(block->Scale));
            Memory.Prefetch(source);
            byte power = 1;
            for (var digit = 0; digit < 5; digit++, power *= 3, sink.Advance(32))
            {
                TSimd.Scaled(ref sink, 0, Digits(Vector128.Load(block->Quants), Vector128.Create(power)), scale);
                TSimd.Scaled(ref sink, 16, Digits(Vector128.Load(block->Quants + 16), Vector128.Create(power)), scale);
            }

            power = 1;
            for (var digit = 0; digit < 5; digit++, power *= 3, sink.Advance(16))
                TSimd.Scaled(ref sink, 0, Digits(Vector128.Load(block->Quants + 32), Vector128.Create(power)), scale);

            // The last four bytes have four digits each.
            var powers = Vector128.Create(0x01010101u, 0x03030303, 0x09090909, 0x1B1B1B1B).AsByte();
            TSimd.Scaled(ref sink, 0, Digits(Vector128.Create(*(uint*)block->LastQuants).AsByte(), powers), scale);
            sink.Advance(16);
        }
    }

    /// <summary>The first digit of the fractions without the digits before: of 3^n times the fraction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> Digits(Vector128<byte> bytes, Vector128<byte> powers)
    {
        var (low, high) = Vector128.Widen(bytes);
        var (lowPower, highPower) = Vector128.Widen(powers);
        var mask = Vector128.Create((ushort)255);
        low = (((low * lowPower) & mask) * Vector128.Create((ushort)3)) >>> 8;
        high = (((high * highPower) & mask) * Vector128.Create((ushort)3)) >>> 8;
        return Vector128.Narrow(low, high).AsSByte() - Vector128<sbyte>.One;
    }
}

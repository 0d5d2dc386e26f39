using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Cpu.Kernels.Simd;

namespace ArchGen.Cpu.Kernels.Blocks;

/// <summary>128 signs and a scale.</summary>
internal readonly unsafe struct Q1_0Block : IBlockFormat
{
    public static int Weights => 128;

    public static int Bytes => 18;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= 128, source += 18)
        {
            var scale = TSimd.Broadcast(Scale.Half(source));
            for (var group = 0; group < 8; group++, sink.Advance(16))
                TSimd.Scaled(ref sink, 0, Bits.Expand(*(ushort*)(source + 2 + (2 * group)), 2) - Vector128<sbyte>.One, scale);
        }
    }
}

/// <summary>64 pairs of bits, offset by 1, and a scale; four numbers in a byte.</summary>
internal readonly unsafe struct Q2_0Block : IBlockFormat
{
    public static int Weights => 64;

    public static int Bytes => 18;

    public static bool ReadsCodebookTables => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= 64, source += 18)
        {
            var scale = TSimd.Broadcast(Scale.Half(source));
            Memory.Prefetch(source);
            for (var bytes = source + 2; bytes < source + 18; bytes += 4, sink.Advance(16))
            {
                var pairs = CodebookTables.Pairs;
                TSimd.Scaled(ref sink, 0, Vector128.Create(pairs[bytes[0]], pairs[bytes[1]], pairs[bytes[2]], pairs[bytes[3]]).AsSByte(), scale);
            }
        }
    }
}

/// <summary>256 ternary digits, five in a byte as a fraction of 256, and a scale.</summary>
internal readonly unsafe struct Tq1Block : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 54;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= 256, source += 54)
        {
            var scale = TSimd.Broadcast(Scale.Half(source + 52));
            Memory.Prefetch(source);
            byte power = 1;
            for (var digit = 0; digit < 5; digit++, power *= 3, sink.Advance(32))
            {
                TSimd.Scaled(ref sink, 0, Digits(Vector128.Load(source), Vector128.Create(power)), scale);
                TSimd.Scaled(ref sink, 16, Digits(Vector128.Load(source + 16), Vector128.Create(power)), scale);
            }

            power = 1;
            for (var digit = 0; digit < 5; digit++, power *= 3, sink.Advance(16))
                TSimd.Scaled(ref sink, 0, Digits(Vector128.Load(source + 32), Vector128.Create(power)), scale);

            // The last four bytes have four digits each.
            var powers = Vector128.Create(0x01010101u, 0x03030303, 0x09090909, 0x1B1B1B1B).AsByte();
            TSimd.Scaled(ref sink, 0, Digits(Vector128.Create(*(uint*)(source + 48)).AsByte(), powers), scale);
            sink.Advance(16);
        }
    }

    /// <summary>The first digit of what is left of the fractions when the digits before are taken away: of 3^n times the fraction.</summary>
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

/// <summary>256 ternary digits in pairs of bits, and a scale.</summary>
internal readonly unsafe struct Tq2Block : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 66;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= 256, source += 66)
        {
            var scale = TSimd.Broadcast(Scale.Half(source + 64));
            Memory.Prefetch(source);
            for (var half = 0; half < 2; half++)
            {
                Vector128<byte> first = Vector128.Load(source + (32 * half)), second = Vector128.Load(source + (32 * half) + 16);
                for (var shift = 0; shift < 8; shift += 2, sink.Advance(32))
                {
                    TSimd.Scaled(ref sink, 0, Bits.Field(first, shift, 3) - Vector128<sbyte>.One, scale);
                    TSimd.Scaled(ref sink, 16, Bits.Field(second, shift, 3) - Vector128<sbyte>.One, scale);
                }
            }
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.Simd;

namespace ArchGen.Cpu.Kernels.Blocks;

/// <summary>
/// Scales of the groups within a K-quant block, as floats. Kernels read them back from memory, as a broadcast load costs no arithmetic. The memory is
/// aligned to a cache line: what is stored across two lines comes back late.
/// </summary>
[InlineArray(Length + 16)]
internal unsafe struct GroupScales
{
    /// <summary>Floats there is room for.</summary>
    public const int Length = 32;

    private float _first;

    /// <summary>The first aligned float of <paramref name="memory"/>, which must be a local variable.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Align(GroupScales* memory) => (float*)(((nuint)memory + 63) & ~(nuint)63);

    /// <summary>Stores 16 small integers times a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<sbyte> scales, float factor, float* destination) => (ToFloats(scales) * Vector512.Create(factor)).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ToFloats(Vector128<sbyte> scales)
    {
        if (Avx512F.IsSupported) return Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(scales));
        var (lower, upper) = Vector128.Widen(scales);
        return Vector512.ConvertToSingle(Vector512.Create(
            Vector256.Create(Vector128.WidenLower(lower), Vector128.WidenUpper(lower)),
            Vector256.Create(Vector128.WidenLower(upper), Vector128.WidenUpper(upper))));
    }
}

/// <summary>
/// The scales and negated offsets of the groups of Q4_K and Q5_K blocks: eight of each per block. Kernels have those of two blocks, because the way
/// from the packed bits to a vector is long: they unpack those of the next block before they use those of this one.
/// </summary>
internal static unsafe class SixBitScales
{
    /// <summary>Where the next block's scales go, when this one's are at <paramref name="scale"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Other(float* scales, float* scale) => scales + (16 - (scale - scales));

    /// <summary>
    /// Unpacks two half-precision factors, and six bits for each group, in 12 bytes. The first four of scales and offsets are the low six bits of bytes
    /// 0..3 and 4..7; the others are the nibbles of bytes 8..11, with the upper two bits of bytes 0..3 and 4..7.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, float* scales, float* offsets)
    {
        var (first, second, third) = (*(uint*)(block + 4), *(uint*)(block + 8), *(uint*)(block + 12));
        var packed = (first & 0x3F3F3F3F) | (ulong)((third & 0x0F0F0F0F) | (first >> 2 & 0x30303030)) << 32;
        var packedOffsets = (second & 0x3F3F3F3F) | (ulong)((third >> 4 & 0x0F0F0F0F) | (second >> 2 & 0x30303030)) << 32;
        (ToFloats(packed) * Vector256.Create(Scale.Half(block))).Store(scales);
        (ToFloats(packedOffsets) * Vector256.Create(-Scale.Half(block + 2))).Store(offsets);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ToFloats(ulong bytes)
    {
        if (Avx2.IsSupported) return Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(bytes).AsByte()));
        var wide = Vector128.WidenLower(Vector128.CreateScalarUnsafe(bytes).AsByte());
        return Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(wide), Vector128.WidenUpper(wide)).AsInt32());
    }
}

/// <summary>256 two-bit numbers; per 16 a 4-bit scale and a 4-bit offset.</summary>
internal readonly unsafe struct Q2KBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 84;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        GroupScales memory;
        for (; count > 0; count -= 256, source += 84)
        {
            var packed = Vector128.Load(source);
            var scales = GroupScales.Align(&memory);
            GroupScales.Store(Bits.LowNibbles(packed), Scale.Half(source + 80), scales);
            GroupScales.Store(Bits.HighNibbles(packed), -Scale.Half(source + 82), scales + 16);
            Memory.Prefetch(source);
            for (var half = 0; half < 2; half++)
            {
                var first = Vector128.Load(source + 16 + half * 32);
                var second = Vector128.Load(source + 32 + half * 32);
                for (var shift = 0; shift < 8; shift += 2, scales += 2, sink.Advance(32))
                {
                    TSimd.Scaled(ref sink, 0, Bits.Field(first, shift, 3), TSimd.Broadcast(scales[0]), TSimd.Broadcast(scales[16]));
                    TSimd.Scaled(ref sink, 16, Bits.Field(second, shift, 3), TSimd.Broadcast(scales[1]), TSimd.Broadcast(scales[17]));
                }
            }
        }
    }
}

/// <summary>256 three-bit numbers, offset by 4 (two bits, and the third in a bit mask); per 16 a 6-bit scale, offset by 32.</summary>
internal readonly unsafe struct Q3KBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 110;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var four = Vector128.Create((sbyte)4);
        GroupScales memory;
        for (; count > 0; count -= 256, source += 110)
        {
            var firstMask = Vector128.Load(source);
            var secondMask = Vector128.Load(source + 16);
            var scales = GroupScales.Align(&memory);
            GroupScales.Store(UnpackScales(source + 96), Scale.Half(source + 108), scales);
            Memory.Prefetch(source);
            Memory.Prefetch(source + 64);
            for (var group = 0; group < 8; group++, scales += 2, sink.Advance(32))
            {
                var quants = source + 32 + (group >> 2) * 32;
                var shift = 2 * (group & 3);
                var first = Bits.Field(Vector128.Load(quants), shift, 3) | (Bits.Field(firstMask, group, 1) << 2);
                var second = Bits.Field(Vector128.Load(quants + 16), shift, 3) | (Bits.Field(secondMask, group, 1) << 2);
                TSimd.Scaled(ref sink, 0, first - four, TSimd.Broadcast(scales[0]));
                TSimd.Scaled(ref sink, 16, second - four, TSimd.Broadcast(scales[1]));
            }
        }
    }

    /// <summary>16 scales: their low four bits are 8 bytes of nibbles, their upper two lie in the last 4 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> UnpackScales(byte* packed)
    {
        var nibbles = *(ulong*)packed;
        var upper = *(uint*)(packed + 8);
        var first = (nibbles & 0x0F0F0F0F0F0F0F0F) | (upper & 0x03030303ul) << 4 | (upper >> 2 & 0x03030303ul) << 36;
        var second = (nibbles >> 4 & 0x0F0F0F0F0F0F0F0F) | (upper >> 4 & 0x03030303ul) << 4 | (upper >> 6 & 0x03030303ul) << 36;
        return Vector128.Create(first, second).AsSByte() - Vector128.Create((sbyte)32);
    }
}

/// <summary>256 nibbles; per 32 a 6-bit scale and a 6-bit offset.</summary>
internal readonly unsafe struct Q4KBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 144;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        GroupScales memory;
        var scales = GroupScales.Align(&memory);
        var scale = scales;
        SixBitScales.Unpack(source, scale, scale + 8);
        for (; count > 0; count -= 256, source += 144, sink.Advance(256))
        {
            var next = SixBitScales.Other(scales, scale);
            SixBitScales.Unpack(count > 256 ? source + 144 : source, next, next + 8);
            Memory.Prefetch(source);
            Memory.Prefetch(source + 64);
            Unpack64<TSimd, TVector, TSink>(source + 16, 0, scale, ref sink);
            Unpack64<TSimd, TVector, TSink>(source + 48, 64, scale + 2, ref sink);
            Unpack64<TSimd, TVector, TSink>(source + 80, 128, scale + 4, ref sink);
            Unpack64<TSimd, TVector, TSink>(source + 112, 192, scale + 6, ref sink);
            scale = next;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Unpack64<TSimd, TVector, TSink>(byte* quants, int index, float* scales, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var (scale0, offset0) = (TSimd.Broadcast(scales[0]), TSimd.Broadcast(scales[8]));
        var (scale1, offset1) = (TSimd.Broadcast(scales[1]), TSimd.Broadcast(scales[9]));
        TSimd.Nibbles(ref sink, index, index + 32, quants, scale0, offset0, scale1, offset1);
        TSimd.Nibbles(ref sink, index + 16, index + 48, quants + 16, scale0, offset0, scale1, offset1);
    }
}

/// <summary>256 five-bit numbers (nibbles, and the fifth in a bit mask); per 32 a 6-bit scale and a 6-bit offset.</summary>
internal readonly unsafe struct Q5KBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 176;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        GroupScales memory;
        var scales = GroupScales.Align(&memory);
        var scale = scales;
        SixBitScales.Unpack(source, scale, scale + 8);
        for (; count > 0; count -= 256, source += 176, sink.Advance(256))
        {
            var next = SixBitScales.Other(scales, scale);
            SixBitScales.Unpack(count > 256 ? source + 176 : source, next, next + 8);
            Memory.Prefetch(source);
            Memory.Prefetch(source + 64);
            Memory.Prefetch(source + 128);
            Unpack64<TSimd, TVector, TSink>(source + 48, source + 16, 0, scale, ref sink);
            Unpack64<TSimd, TVector, TSink>(source + 80, source + 16, 2, scale + 2, ref sink);
            Unpack64<TSimd, TVector, TSink>(source + 112, source + 16, 4, scale + 4, ref sink);
            Unpack64<TSimd, TVector, TSink>(source + 144, source + 16, 6, scale + 6, ref sink);
            scale = next;
        }
    }

    /// <summary>64 weights: nibbles, and the fifth bits that lie at <paramref name="bit"/> and at the next of <paramref name="upper"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Unpack64<TSimd, TVector, TSink>(byte* quants, byte* upper, int bit, float* scales, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var (scale0, offset0) = (TSimd.Broadcast(scales[0]), TSimd.Broadcast(scales[8]));
        var (scale1, offset1) = (TSimd.Broadcast(scales[1]), TSimd.Broadcast(scales[9]));
        TSimd.FiveBits(ref sink, 32 * bit, quants, upper, bit, scale0, offset0, scale1, offset1);
        TSimd.FiveBits(ref sink, 32 * bit + 16, quants + 16, upper + 16, bit, scale0, offset0, scale1, offset1);
    }
}

/// <summary>256 six-bit numbers, offset by 32 (nibbles, and two upper bits); per 16 a signed 8-bit scale.</summary>
internal readonly unsafe struct Q6KBlock : IBlockFormat
{
    public static int Weights => 256;

    public static int Bytes => 210;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        GroupScales memory;
        for (; count > 0; count -= 256, source += 210)
        {
            var scales = GroupScales.Align(&memory);
            GroupScales.Store(Vector128.Load((sbyte*)source + 192), Scale.Half(source + 208), scales);
            Memory.Prefetch(source);
            var low = source;
            var upper = source + 128;
            for (var half = 0; half < 2; half++, low += 64, upper += 32, scales += 8, sink.Advance(128))
            {
                Memory.Prefetch(low);
                TSimd.SixBits(ref sink, 0, low, low + 32, upper,
                    TSimd.Broadcast(scales[0]), TSimd.Broadcast(scales[2]), TSimd.Broadcast(scales[4]), TSimd.Broadcast(scales[6]));
                TSimd.SixBits(ref sink, 16, low + 16, low + 48, upper + 16,
                    TSimd.Broadcast(scales[1]), TSimd.Broadcast(scales[3]), TSimd.Broadcast(scales[5]), TSimd.Broadcast(scales[7]));
            }
        }
    }
}

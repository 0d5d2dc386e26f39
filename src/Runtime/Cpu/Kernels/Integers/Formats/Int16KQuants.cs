using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Cpu.Blocks;
using ArchGen.Cpu.Simd;

namespace ArchGen.Cpu.Integers;

/// <summary>As <see cref="Q2KBlock"/>.</summary>
internal readonly unsafe struct Q2KInt16 : IInt16Bytes
{
    public static int Bytes => Q2KBlock.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block, int group, float* scales) => scales[group];

    public static int GroupSize => 16;

    public static bool HasOffsets => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* block, float* scales, float* offsets)
    {
        var packed = Vector128.Load(block);
        GroupScales.Store(Bits.LowNibbles(packed), Blocks.Scale.Half(block + 80), scales);
        GroupScales.Store(Bits.HighNibbles(packed), -Blocks.Scale.Half(block + 82), offsets);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, int part, out Vector128<sbyte> first, out Vector128<sbyte> second)
    {
        var quants = block + 16 + (part / 4 * 32);
        first = Bits.Field(Vector128.Load(quants), 2 * (part % 4), 3);
        second = Bits.Field(Vector128.Load(quants + 16), 2 * (part % 4), 3);
    }
}

/// <summary>As <see cref="Q3KBlock"/>.</summary>
internal readonly unsafe struct Q3KInt16 : IInt16Bytes
{
    public static int Bytes => Q3KBlock.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block, int group, float* scales) => scales[group];

    public static int GroupSize => 16;

    public static bool HasOffsets => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* block, float* scales, float* offsets)
    {
        var packed = Q3KBlock.UnpackScales(block + 96);
        GroupScales.Store(packed, Blocks.Scale.Half(block + 108), scales);
        GroupScales.Store(packed, -4 * Blocks.Scale.Half(block + 108), offsets);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, int part, out Vector128<sbyte> first, out Vector128<sbyte> second)
    {
        var quants = block + 32 + (part / 4 * 32);
        first = Bits.Field(Vector128.Load(quants), 2 * (part % 4), 3) | Bits.Move(Vector128.Load(block), part, 2, 4);
        second = Bits.Field(Vector128.Load(quants + 16), 2 * (part % 4), 3) | Bits.Move(Vector128.Load(block + 16), part, 2, 4);
    }
}

/// <summary>As <see cref="Q4KBlock"/>.</summary>
internal readonly unsafe struct Q4KInt16 : IInt16Format
{
    public static int Bytes => Q4KBlock.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block, int group, float* scales) => scales[group];

    public static int GroupSize => 32;

    public static bool HasOffsets => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* block, float* scales, float* offsets) => SixBitScales.Unpack(block, scales, offsets);

    public static Int16Order Order => Int16Order.EvenOdd;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, int part, out Vector256<short> a, out Vector256<short> b, out Vector256<short> c, out Vector256<short> d) =>
        Int16Words.Nibbles(Vector256.Load(block + 16 + (32 * part)).AsUInt16(), out a, out b, out c, out d);

    /// <summary>Of 32 bytes, the lower nibbles are a part and the upper ones the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void UnpackNibbles(byte* quants, int part, out Vector128<sbyte> first, out Vector128<sbyte> second)
    {
        Vector128<byte> a = Vector128.Load(quants + (part / 2 * 32)), b = Vector128.Load(quants + (part / 2 * 32) + 16);
        first = part % 2 == 0 ? Bits.LowNibbles(a) : Bits.HighNibbles(a);
        second = part % 2 == 0 ? Bits.LowNibbles(b) : Bits.HighNibbles(b);
    }
}

/// <summary>As <see cref="Q5KBlock"/>.</summary>
internal readonly unsafe struct Q5KInt16 : IInt16Bytes
{
    public static int Bytes => Q5KBlock.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block, int group, float* scales) => scales[group];

    public static int GroupSize => 32;

    public static bool HasOffsets => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* block, float* scales, float* offsets) => SixBitScales.Unpack(block, scales, offsets);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, int part, out Vector128<sbyte> first, out Vector128<sbyte> second)
    {
        Q4KInt16.UnpackNibbles(block + 48, part, out first, out second);
        first |= Bits.Move(Vector128.Load(block + 16), part, 4, 16);
        second |= Bits.Move(Vector128.Load(block + 32), part, 4, 16);
    }
}

/// <summary>As <see cref="Q6KBlock"/>.</summary>
internal readonly unsafe struct Q6KInt16 : IInt16Bytes
{
    public static int Bytes => Q6KBlock.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block, int group, float* scales) => scales[group];

    public static int GroupSize => 16;

    public static bool HasOffsets => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* block, float* scales, float* offsets)
    {
        var packed = Vector128.Load((sbyte*)block + 192);
        GroupScales.Store(packed, Blocks.Scale.Half(block + 208), scales);
        GroupScales.Store(packed, -32 * Blocks.Scale.Half(block + 208), offsets);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, int part, out Vector128<sbyte> first, out Vector128<sbyte> second)
    {
        var low = block + (part / 4 * 64) + (part % 2 * 32);
        var upper = block + 128 + (part / 4 * 32);
        Vector128<byte> a = Vector128.Load(low), b = Vector128.Load(low + 16);
        first = (part % 4 < 2 ? Bits.LowNibbles(a) : Bits.HighNibbles(a)) | Bits.Move(Vector128.Load(upper), 2 * (part % 4), 4, 0x30);
        second = (part % 4 < 2 ? Bits.LowNibbles(b) : Bits.HighNibbles(b)) | Bits.Move(Vector128.Load(upper + 16), 2 * (part % 4), 4, 0x30);
    }
}

/// <summary>As <see cref="Iq4XsBlock"/>.</summary>
internal readonly unsafe struct Iq4XsInt16 : IInt16Bytes
{
    public static int Bytes => Iq4XsBlock.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block, int group, float* scales) => scales[group];

    public static int GroupSize => 32;

    public static bool HasOffsets => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* block, float* scales, float* offsets)
    {
        var d = Blocks.Scale.Half(block);
        int upper = *(ushort*)(block + 2);
        var lower = *(uint*)(block + 4);
        for (var group = 0; group < 8; group++, upper >>= 2, lower >>= 4) scales[group] = d * Iq4XsBlock.SixBits(lower, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, int part, out Vector128<sbyte> first, out Vector128<sbyte> second) =>
        NibbleLevels.Unpack<NonlinearLevels>(block + 8 + (16 * part), out first, out second);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Cpu.Kernels.Blocks;
using ArchGen.Cpu.Kernels.Simd;

namespace ArchGen.Cpu.Kernels.Integers.Formats;

/// <summary>As <see cref="Q2KBlock"/>.</summary>
internal readonly unsafe struct Q2KInt16 : IInt16Vectors
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
    public static Vector256<byte> Unpack(byte* block, int part) => Bits.Field(Vector256.Load(block + 16 + (part / 4 * 32)), 2 * (part % 4), 3);
}

/// <summary>As <see cref="Q3KBlock"/>.</summary>
internal readonly unsafe struct Q3KInt16 : IInt16Vectors
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
    public static Vector256<byte> Unpack(byte* block, int part) =>
        Bits.Field(Vector256.Load(block + 32 + (part / 4 * 32)), 2 * (part % 4), 3) | Bits.Move(Vector256.Load(block), part, 2, 4);
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
}

/// <summary>As <see cref="Q5KBlock"/>.</summary>
internal readonly unsafe struct Q5KInt16 : IInt16Vectors
{
    public static int Bytes => Q5KBlock.Bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block, int group, float* scales) => scales[group];

    public static int GroupSize => 32;

    public static bool HasOffsets => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* block, float* scales, float* offsets) => SixBitScales.Unpack(block, scales, offsets);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Unpack(byte* block, int part)
    {
        var nibbles = Vector256.Load(block + 48 + (part / 2 * 32));
        return (part % 2 == 0 ? Bits.LowNibbles(nibbles) : Bits.HighNibbles(nibbles)) | Bits.Move(Vector256.Load(block + 16), part, 4, 16);
    }
}

/// <summary>As <see cref="Q6KBlock"/>.</summary>
internal readonly unsafe struct Q6KInt16 : IInt16Vectors
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
    public static Vector256<byte> Unpack(byte* block, int part)
    {
        var nibbles = Vector256.Load(block + (part / 4 * 64) + (part % 2 * 32));
        var upper = Vector256.Load(block + 128 + (part / 4 * 32));
        return (part % 4 < 2 ? Bits.LowNibbles(nibbles) : Bits.HighNibbles(nibbles)) | Bits.Move(upper, 2 * (part % 4), 4, 0x30);
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
        // Each group's bits shifted to the bottom of its lane.
        var places = Vector256<uint>.Indices << 1;
        var upper = Avx2.ShiftRightLogicalVariable(Vector256.Create((uint)*(ushort*)(block + 2)), places) & Vector256.Create(3u);
        var lower = Avx2.ShiftRightLogicalVariable(Vector256.Create(*(uint*)(block + 4)), places << 1) & Vector256.Create(15u);
        var sixBits = (lower | (upper << 4)).AsInt32() - Vector256.Create(32);
        (Avx.ConvertToVector256Single(sixBits) * Vector256.Create(Blocks.Scale.Half(block))).Store(scales);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, int part, out Vector128<sbyte> first, out Vector128<sbyte> second) =>
        NibbleLevels.Unpack<NonlinearLevels>(block + 8 + (16 * part), out first, out second);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.IQ4_NL;
using ArchGen.Formats.MXFP4;
using ArchGen.Formats.Nonlinear;
using ArchGen.Formats.Q4_0;
using ArchGen.Formats.Q4_1;
using ArchGen.Formats.Q5_0;
using ArchGen.Formats.Q5_1;
using ArchGen.Formats.Q8_0;
using ArchGen.Formats.Simd;
using ArchGen.Formats.SmallFloats;

namespace ArchGen.Cpu.Kernels.Integers.Formats;

/// <summary>The integers of a block of 32.</summary>
internal unsafe interface IInt16Block32
{
    static abstract int Bytes { get; }

    static abstract bool HasOffset { get; }

    static abstract float Scale(byte* block);

    static abstract float Offset(byte* block);

    static abstract void Unpack(byte* block, out Vector128<sbyte> first, out Vector128<sbyte> second);
}

/// <summary>Eight blocks of 32, each a group.</summary>
internal readonly unsafe struct Int16BlocksOf32<TBlock> : IInt16Bytes where TBlock : struct, IInt16Block32
{
    public static int Bytes => 8 * TBlock.Bytes;

    public static int GroupSize => 32;

    public static bool HasOffsets => TBlock.HasOffset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* block, float* scales, float* offsets)
    {
        if (!TBlock.HasOffset) return;
        offsets[0] = TBlock.Offset(block);
        offsets[1] = TBlock.Offset(block + TBlock.Bytes);
        offsets[2] = TBlock.Offset(block + (2 * TBlock.Bytes));
        offsets[3] = TBlock.Offset(block + (3 * TBlock.Bytes));
        offsets[4] = TBlock.Offset(block + (4 * TBlock.Bytes));
        offsets[5] = TBlock.Offset(block + (5 * TBlock.Bytes));
        offsets[6] = TBlock.Offset(block + (6 * TBlock.Bytes));
        offsets[7] = TBlock.Offset(block + (7 * TBlock.Bytes));
    }

    // A load from the table of halves costs no more than one from memory.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block, int group, float* scales) => TBlock.Scale(block + (group * TBlock.Bytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, int part, out Vector128<sbyte> first, out Vector128<sbyte> second) =>
        TBlock.Unpack(block + (part * TBlock.Bytes), out first, out second);
}

/// <summary>As eight <see cref="Q4_0Block"/>s.</summary>
internal readonly unsafe struct Q4_0Int16 : IInt16Format
{
    public static int Bytes => 8 * sizeof(Q4_0Block);

    public static int GroupSize => 32;

    public static bool HasOffsets => false;

    public static Int16Order Order => Int16Order.TwoGroups;

    public static void Scales(byte* block, float* scales, float* offsets)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block, int group, float* scales) => ScaleTables.Half(((Q4_0Block*)block)[group].Scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, int part, out Vector256<short> a, out Vector256<short> b, out Vector256<short> c, out Vector256<short> d)
    {
        var pair = (Q4_0Block*)block + (2 * part);
        Int16Words.NibblesLess8(Vector256.Create(Vector128.Load(pair->Quants), Vector128.Load(pair[1].Quants)).AsInt16(), out a, out b, out c, out d);
    }
}

/// <summary>As <see cref="Q4_1Block"/>.</summary>
internal readonly unsafe struct Q4_1Int16 : IInt16Block32
{
    public static int Bytes => sizeof(Q4_1Block);

    public static bool HasOffset => true;

    public static float Scale(byte* block) => ScaleTables.Half(((Q4_1Block*)block)->Scale);

    public static float Offset(byte* block) => ScaleTables.Half(((Q4_1Block*)block)->Minimum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, out Vector128<sbyte> first, out Vector128<sbyte> second)
    {
        var packed = Vector128.Load(((Q4_1Block*)block)->Quants);
        (first, second) = (Bits.LowNibbles(packed), Bits.HighNibbles(packed));
    }
}

/// <summary>As <see cref="Q5_0Block"/>.</summary>
internal readonly unsafe struct Q5_0Int16 : IInt16Block32
{
    public static int Bytes => sizeof(Q5_0Block);

    public static bool HasOffset => false;

    public static float Scale(byte* block) => ScaleTables.Half(((Q5_0Block*)block)->Scale);

    public static float Offset(byte* block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, out Vector128<sbyte> first, out Vector128<sbyte> second)
    {
        // A fifth bit that is not set makes the upper four all set: 16 less.
        var (packed, without) = (Vector128.Load(((Q5_0Block*)block)->Quants), Bits.Expand(~*(uint*)((Q5_0Block*)block)->FifthBits, 0xF0).AsSByte());
        first = Bits.LowNibbles(packed) | without.GetLower();
        second = Bits.HighNibbles(packed) | without.GetUpper();
    }
}

/// <summary>As <see cref="Q5_1Block"/>.</summary>
internal readonly unsafe struct Q5_1Int16 : IInt16Block32
{
    public static int Bytes => sizeof(Q5_1Block);

    public static bool HasOffset => true;

    public static float Scale(byte* block) => ScaleTables.Half(((Q5_1Block*)block)->Scale);

    public static float Offset(byte* block) => ScaleTables.Half(((Q5_1Block*)block)->Minimum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, out Vector128<sbyte> first, out Vector128<sbyte> second)
    {
        var packed = Vector128.Load(((Q5_1Block*)block)->Quants);
        var fifths = Bits.Expand(*(uint*)((Q5_1Block*)block)->FifthBits, 16).AsSByte();
        first = Bits.LowNibbles(packed) | fifths.GetLower();
        second = Bits.HighNibbles(packed) | fifths.GetUpper();
    }
}

/// <summary>As <see cref="Q8_0Block"/>.</summary>
internal readonly unsafe struct Q8_0Int16 : IInt16Block32
{
    public static int Bytes => sizeof(Q8_0Block);

    public static bool HasOffset => false;

    public static float Scale(byte* block) => ScaleTables.Half(((Q8_0Block*)block)->Scale);

    public static float Offset(byte* block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, out Vector128<sbyte> first, out Vector128<sbyte> second) =>
        (first, second) = (Vector128.Load(((Q8_0Block*)block)->Quants), Vector128.Load(((Q8_0Block*)block)->Quants + 16));
}

/// <summary>As <see cref="IQ4_NLBlock"/>.</summary>
internal readonly unsafe struct Iq4NlInt16 : IInt16Block32
{
    public static int Bytes => sizeof(IQ4_NLBlock);

    public static bool HasOffset => false;

    public static float Scale(byte* block) => ScaleTables.Half(((IQ4_NLBlock*)block)->Scale);

    public static float Offset(byte* block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, out Vector128<sbyte> first, out Vector128<sbyte> second) =>
        NibbleLevels.Unpack<NonlinearLevels>(((IQ4_NLBlock*)block)->Quants, out first, out second);
}

/// <summary>As <see cref="MXFP4Block"/>.</summary>
internal readonly unsafe struct Mxfp4Int16 : IInt16Block32
{
    public static int Bytes => sizeof(MXFP4Block);

    public static bool HasOffset => false;

    public static float Scale(byte* block) => ScaleTables.HalfPowerOfTwo(((MXFP4Block*)block)->Exponent);

    public static float Offset(byte* block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, out Vector128<sbyte> first, out Vector128<sbyte> second) =>
        NibbleLevels.Unpack<DoubledE2M1Levels>(((MXFP4Block*)block)->Quants, out first, out second);
}

/// <summary>Nibbles that select levels.</summary>
internal static unsafe class NibbleLevels
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TLevels>(byte* nibbles, out Vector128<sbyte> first, out Vector128<sbyte> second) where TLevels : struct, INibbleLevels
    {
        var packed = Vector128.Load(nibbles);
        first = Vector128.ShuffleNative(TLevels.Bytes, Bits.LowNibbles(packed));
        second = Vector128.ShuffleNative(TLevels.Bytes, Bits.HighNibbles(packed));
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.IQ4_XS;
using ArchGen.Formats.KQuants;
using ArchGen.Formats.Nonlinear;
using ArchGen.Formats.Q2_K;
using ArchGen.Formats.Q3_K;
using ArchGen.Formats.Q4_K;
using ArchGen.Formats.Q5_K;
using ArchGen.Formats.Q6_K;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels.Integers.Formats;

/// <summary>As <see cref="Q2_KBlock"/>.</summary>
internal readonly unsafe struct Q2KInt16 : IInt16Vectors
{
    public static int Bytes => sizeof(Q2_KBlock);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block, int group, float* scales) => scales[group];

    public static int GroupSize => 16;

    public static bool HasOffsets => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* block, float* scales, float* offsets)
    {
        var packed = Vector128.Load(((Q2_KBlock*)block)->GroupScales);
        GroupScales.Store(Bits.LowNibbles(packed), ScaleTables.Half(((Q2_KBlock*)block)->Scale), scales);
        GroupScales.Store(Bits.HighNibbles(packed), -ScaleTables.Half(((Q2_KBlock*)block)->Minimum), offsets);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Unpack(byte* block, int part) => Bits.Field(Vector256.Load(((Q2_KBlock*)block)->Quants + (part / 4 * 32)), 2 * (part % 4), 3);
}

/// <summary>As <see cref="Q3_KBlock"/>.</summary>
internal readonly unsafe struct Q3KInt16 : IInt16Vectors
{
    public static int Bytes => sizeof(Q3_KBlock);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block, int group, float* scales) => scales[group];

    public static int GroupSize => 16;

    public static bool HasOffsets => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* block, float* scales, float* offsets)
    {
        var packed = Q3_KDecoder.UnpackScales(((Q3_KBlock*)block)->GroupScales);
        GroupScales.Store(packed, ScaleTables.Half(((Q3_KBlock*)block)->Scale), scales);
        GroupScales.Store(packed, -4 * ScaleTables.Half(((Q3_KBlock*)block)->Scale), offsets);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Unpack(byte* block, int part) =>
        Bits.Field(Vector256.Load(((Q3_KBlock*)block)->Quants + (part / 4 * 32)), 2 * (part % 4), 3)
        | Bits.Move(Vector256.Load(((Q3_KBlock*)block)->ThirdBits), part, 2, 4);
}

/// <summary>As <see cref="Q4_KBlock"/>.</summary>
internal readonly unsafe struct Q4KInt16 : IInt16Format
{
    public static int Bytes => sizeof(Q4_KBlock);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block, int group, float* scales) => scales[group];

    public static int GroupSize => 32;

    public static bool HasOffsets => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* block, float* scales, float* offsets)
    {
        var of = (Q4_KBlock*)block;
        SixBitScales.Unpack(of->GroupScales, of->Scale, of->Minimum, scales, offsets);
    }

    public static Int16Order Order => Int16Order.EvenOdd;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, int part, out Vector256<short> a, out Vector256<short> b, out Vector256<short> c, out Vector256<short> d) =>
        Int16Words.Nibbles(Vector256.Load(((Q4_KBlock*)block)->Quants + (32 * part)).AsUInt16(), out a, out b, out c, out d);
}

/// <summary>As <see cref="Q5_KBlock"/>.</summary>
internal readonly unsafe struct Q5KInt16 : IInt16Vectors
{
    public static int Bytes => sizeof(Q5_KBlock);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block, int group, float* scales) => scales[group];

    public static int GroupSize => 32;

    public static bool HasOffsets => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* block, float* scales, float* offsets)
    {
        var of = (Q5_KBlock*)block;
        SixBitScales.Unpack(of->GroupScales, of->Scale, of->Minimum, scales, offsets);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Unpack(byte* block, int part)
    {
        var nibbles = Vector256.Load(((Q5_KBlock*)block)->Quants + (part / 2 * 32));
        return (part % 2 == 0 ? Bits.LowNibbles(nibbles) : Bits.HighNibbles(nibbles)) | Bits.Move(Vector256.Load(((Q5_KBlock*)block)->FifthBits), part, 4, 16);
    }
}

/// <summary>As <see cref="Q6_KBlock"/>.</summary>
internal readonly unsafe struct Q6KInt16 : IInt16Vectors
{
    public static int Bytes => sizeof(Q6_KBlock);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block, int group, float* scales) => scales[group];

    public static int GroupSize => 16;

    public static bool HasOffsets => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* block, float* scales, float* offsets)
    {
        var packed = Vector128.Load(((Q6_KBlock*)block)->GroupScales);
        GroupScales.Store(packed, ScaleTables.Half(((Q6_KBlock*)block)->Scale), scales);
        GroupScales.Store(packed, -32 * ScaleTables.Half(((Q6_KBlock*)block)->Scale), offsets);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Unpack(byte* block, int part)
    {
        var nibbles = Vector256.Load(((Q6_KBlock*)block)->Quants + (part / 4 * 64) + (part % 2 * 32));
        var upper = Vector256.Load(((Q6_KBlock*)block)->UpperBits + (part / 4 * 32));
        return (part % 4 < 2 ? Bits.LowNibbles(nibbles) : Bits.HighNibbles(nibbles)) | Bits.Move(upper, 2 * (part % 4), 4, 0x30);
    }
}

/// <summary>As <see cref="IQ4_XSBlock"/>.</summary>
internal readonly unsafe struct Iq4XsInt16 : IInt16Bytes
{
    public static int Bytes => sizeof(IQ4_XSBlock);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block, int group, float* scales) => scales[group];

    public static int GroupSize => 32;

    public static bool HasOffsets => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* block, float* scales, float* offsets)
    {
        // Each group's bits shifted to the bottom of its lane.
        var places = Vector256<uint>.Indices << 1;
        var upper = Avx2.ShiftRightLogicalVariable(Vector256.Create((uint)((IQ4_XSBlock*)block)->UpperScales), places) & Vector256.Create(3u);
        var lower = Avx2.ShiftRightLogicalVariable(Vector256.Create(*(uint*)((IQ4_XSBlock*)block)->LowerScales), places << 1) & Vector256.Create(15u);
        var sixBits = (lower | (upper << 4)).AsInt32() - Vector256.Create(32);
        (Avx.ConvertToVector256Single(sixBits) * Vector256.Create(ScaleTables.Half(((IQ4_XSBlock*)block)->Scale))).Store(scales);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, int part, out Vector128<sbyte> first, out Vector128<sbyte> second) =>
        NibbleLevels.Unpack<NonlinearLevels>(((IQ4_XSBlock*)block)->Quants + (16 * part), out first, out second);
}

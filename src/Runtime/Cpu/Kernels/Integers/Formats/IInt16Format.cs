using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ArchGen.Cpu.Kernels.Integers.Formats;

/// <summary>
/// Quantized weights as small integers: weight = scale * integer + offset, a scale and an offset for each group. 256 of them are a block here, whatever they
/// are in the file.
/// </summary>
internal unsafe interface IInt16Groups
{
    /// <summary>Bytes of 256 weights.</summary>
    static abstract int Bytes { get; }

    /// <summary>Weights of a group: 16 or 32.</summary>
    static abstract int GroupSize { get; }

    /// <summary>Whether there are offsets.</summary>
    static abstract bool HasOffsets { get; }

    /// <summary>Writes the scales of a block's groups, unless <see cref="Scale"/> reads them from the block, and the offsets if there are any.</summary>
    static abstract void Scales(byte* block, float* scales, float* offsets);

    /// <summary>The scale of a group, a constant.</summary>
    /// <param name="block">The block.</param>
    /// <param name="group">The group.</param>
    /// <param name="scales">The result of <see cref="Scales"/>.</param>
    static abstract float Scale(byte* block, int group, float* scales);
}

/// <summary>A format whose integers are unpacked to words.</summary>
internal unsafe interface IInt16Format : IInt16Groups
{
    /// <summary>The order of a part's integers from <see cref="Unpack"/>.</summary>
    static abstract Int16Order Order { get; }

    /// <summary>The integers of the 64 weights from 64 * <paramref name="part"/> on, a constant.</summary>
    static abstract void Unpack(byte* block, int part, out Vector256<short> a, out Vector256<short> b, out Vector256<short> c, out Vector256<short> d);
}

/// <summary>Integers as bytes, in their order; groups of 32.</summary>
internal unsafe interface IInt16Bytes : IInt16Groups
{
    /// <summary>The integers of the 32 weights from 32 * <paramref name="part"/> on, a constant.</summary>
    static abstract void Unpack(byte* block, int part, out Vector128<sbyte> first, out Vector128<sbyte> second);
}

/// <summary>Such bytes split as words, those of two groups together.</summary>
internal readonly unsafe struct OfBytes<TBytes> : IInt16Format where TBytes : struct, IInt16Bytes
{
    public static int Bytes => TBytes.Bytes;

    public static int GroupSize => TBytes.GroupSize;

    public static bool HasOffsets => TBytes.HasOffsets;

    public static Int16Order Order => Int16Order.TwoGroups;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* block, float* scales, float* offsets) => TBytes.Scales(block, scales, offsets);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block, int group, float* scales) => TBytes.Scale(block, group, scales);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, int part, out Vector256<short> a, out Vector256<short> b, out Vector256<short> c, out Vector256<short> d)
    {
        TBytes.Unpack(block, 2 * part, out var first, out var second);
        TBytes.Unpack(block, (2 * part) + 1, out var third, out var fourth);
        Int16Words.SignedBytes(Vector256.Create(first, third).AsInt16(), out a, out b);
        Int16Words.SignedBytes(Vector256.Create(second, fourth).AsInt16(), out c, out d);
    }
}

/// <summary>Integers as bytes that are not negative, 32 in a vector.</summary>
internal unsafe interface IInt16Vectors : IInt16Groups
{
    /// <summary>The integers of the 32 weights from 32 * <paramref name="part"/> on, a constant.</summary>
    static abstract Vector256<byte> Unpack(byte* block, int part);
}

/// <summary>Such bytes split as words, without moves between halves of a vector.</summary>
internal readonly unsafe struct OfVectors<TVectors> : IInt16Format where TVectors : struct, IInt16Vectors
{
    public static int Bytes => TVectors.Bytes;

    public static int GroupSize => TVectors.GroupSize;

    public static bool HasOffsets => TVectors.HasOffsets;

    public static Int16Order Order => Int16Order.EvenOdd;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales(byte* block, float* scales, float* offsets) => TVectors.Scales(block, scales, offsets);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(byte* block, int group, float* scales) => TVectors.Scale(block, group, scales);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, int part, out Vector256<short> a, out Vector256<short> b, out Vector256<short> c, out Vector256<short> d)
    {
        Int16Words.Bytes(TVectors.Unpack(block, 2 * part).AsUInt16(), out a, out b);
        Int16Words.Bytes(TVectors.Unpack(block, (2 * part) + 1).AsUInt16(), out c, out d);
    }
}

/// <summary>The order of 64 integers in four vectors; the activations have the same. Split as words, bytes need no widening.</summary>
internal enum Int16Order
{
    /// <summary>Of each 32 those with even indices, then those with odd ones.</summary>
    EvenOdd,

    /// <summary>
    /// Of two groups of 32 the first in the lower and the second in the upper half of each vector, so that a sum of all four is scaled once: of their first
    /// halves the integers with even indices, then those with odd ones; the same of their second halves.
    /// </summary>
    TwoGroups,
}

/// <summary>Bytes and nibbles split as words.</summary>
internal static class Int16Words
{
    /// <summary>The even bytes, and the odd ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Bytes(Vector256<ushort> packed, out Vector256<short> even, out Vector256<short> odd)
    {
        even = (packed & Vector256.Create((ushort)0xFF)).AsInt16();
        odd = (packed >>> 8).AsInt16();
    }

    /// <summary>The same of signed bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SignedBytes(Vector256<short> packed, out Vector256<short> even, out Vector256<short> odd)
    {
        even = (packed << 8) >> 8;
        odd = packed >> 8;
    }

    /// <summary>The low nibbles of even bytes, the low ones of odd bytes, the high ones of even bytes, the high ones of odd bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Nibbles(
        Vector256<ushort> packed, out Vector256<short> lowEven, out Vector256<short> lowOdd, out Vector256<short> highEven, out Vector256<short> highOdd)
    {
        var mask = Vector256.Create((ushort)15);
        lowEven = (packed & mask).AsInt16();
        lowOdd = ((packed >>> 8) & mask).AsInt16();
        highEven = ((packed >>> 4) & mask).AsInt16();
        highOdd = (packed >>> 12).AsInt16();
    }

    /// <summary>As <see cref="Nibbles"/>, each 8 less.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NibblesLess8(
        Vector256<short> packed, out Vector256<short> lowEven, out Vector256<short> lowOdd, out Vector256<short> highEven, out Vector256<short> highOdd)
    {
        // With its upper bit inverted a nibble is 8 less as a signed number.
        var signed = packed ^ Vector256.Create(unchecked((short)0x8888));
        lowEven = (signed << 12) >> 12;
        lowOdd = (signed << 4) >> 12;
        highEven = (signed << 8) >> 12;
        highOdd = signed >> 12;
    }
}

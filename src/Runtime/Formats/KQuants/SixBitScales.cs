using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArchGen.Formats.Blocks;

namespace ArchGen.Formats.KQuants;

/// <summary>
/// The scales and negated offsets of the groups of Q4_K and Q5_K blocks: eight of each per block. Kernels have those of two blocks, because the way
/// from the packed bits to a vector is long: they unpack those of the next block before they use those of this one.
/// </summary>
internal static unsafe class SixBitScales
{
    /// <summary>The address of the next block's scales, given this one's at <paramref name="scale"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Other(float* scales, float* scale) => scales + (16 - (scale - scales));

    /// <summary>
    /// Unpacks six bits for each group, in 12 bytes. The first four of scales and offsets are the low six bits of bytes 0..3 and 4..7; the others are the
    /// nibbles of bytes 8..11, with the upper two bits of bytes 0..3 and 4..7.
    /// </summary>
    /// <param name="packed">The 12 bytes.</param>
    /// <param name="scale">The factor of the scales, in half precision.</param>
    /// <param name="offset">The factor of the offsets, which are subtracted, in half precision.</param>
    /// <param name="scales">Eight scales.</param>
    /// <param name="offsets">Eight offsets.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* packed, ushort scale, ushort offset, float* scales, float* offsets)
    {
        var (first, second, third) = (((uint*)packed)[0], ((uint*)packed)[1], ((uint*)packed)[2]);
        var packedScales = (first & 0x3F3F3F3F) | (ulong)((third & 0x0F0F0F0F) | (first >> 2 & 0x30303030)) << 32;
        var packedOffsets = (second & 0x3F3F3F3F) | (ulong)((third >> 4 & 0x0F0F0F0F) | (second >> 2 & 0x30303030)) << 32;
        (ToFloats(packedScales) * Vector256.Create(ScaleTables.Half(scale))).Store(scales);
        (ToFloats(packedOffsets) * Vector256.Create(-ScaleTables.Half(offset))).Store(offsets);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> ToFloats(ulong bytes)
    {
        if (Avx2.IsSupported) return Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(bytes).AsByte()));
        var wide = Vector128.WidenLower(Vector128.CreateScalarUnsafe(bytes).AsByte());
        return Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(wide), Vector128.WidenUpper(wide)).AsInt32());
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Codebooks;

/// <summary>Codebook entries with signs.</summary>
internal static unsafe class SignedCodebook
{
    /// <summary>Passes on 16 numbers: two entries of eight, each bit of <paramref name="signs"/> one number's sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Eights<TSimd, TVector, TSink>(ref TSink sink, int index, ulong first, ulong second, uint signs, TVector scale)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector> =>
        TSimd.Scaled(ref sink, index, Signed(Vector128.Create(first, second).AsSByte(), signs), scale);

    /// <summary>Passes on 16 numbers: four entries of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fours<TSimd, TVector, TSink>(ref TSink sink, int index, uint first, uint second, uint third, uint fourth, uint signs, TVector scale)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector> =>
        TSimd.Scaled(ref sink, index, Signed(Vector128.Create(first, second, third, fourth).AsSByte(), signs), scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> Signed(Vector128<sbyte> numbers, uint signs)
    {
        var mask = Bits.Expand((ushort)signs, 0xFF);
        return (numbers ^ mask) - mask;
    }

    /// <summary>Seven signs with the eighth, which makes their number even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint EvenSigns(uint seven) => seven | ((uint)BitOperations.PopCount(seven) & 1) << 7;

    /// <summary>Twice seven signs as 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint EvenSigns16(uint word) => EvenSigns(word & 127) | EvenSigns(word >> 7 & 127) << 8;
}

using System.Runtime.CompilerServices;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.F16;

/// <summary>Half-precision numbers, converted.</summary>
internal readonly unsafe struct F16Decoder : IBlockFormat
{
    public static int Weights => F16Block.Weights;

    public static int Bytes => sizeof(F16Block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var halves = (ushort*)source;
        for (; count >= 64; count -= 64, halves += 64, sink.Advance(64))
        {
            Memory.Prefetch((byte*)halves);
            Memory.Prefetch((byte*)(halves + 32));
            TSimd.Halves(ref sink, 0, halves);
            TSimd.Halves(ref sink, 16, halves + 16);
            TSimd.Halves(ref sink, 32, halves + 32);
            TSimd.Halves(ref sink, 48, halves + 48);
        }

        for (; count >= 16; count -= 16, halves += 16, sink.Advance(16)) TSimd.Halves(ref sink, 0, halves);
        for (var i = 0; i < count; i++) sink.Take(i, ScaleTables.Half(halves[i]));
    }
}

using System.Runtime.CompilerServices;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.BF16;

/// <summary>Brain floats, shifted.</summary>
internal readonly unsafe struct BF16Decoder : IBlockFormat
{
    public static int Weights => BF16Block.Weights;

    public static int Bytes => sizeof(BF16Block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var brainFloats = (ushort*)source;
        for (; count >= 64; count -= 64, brainFloats += 64, sink.Advance(64))
        {
            Memory.Prefetch((byte*)brainFloats);
            Memory.Prefetch((byte*)(brainFloats + 32));
            TSimd.BrainFloats(ref sink, 0, brainFloats);
            TSimd.BrainFloats(ref sink, 16, brainFloats + 16);
            TSimd.BrainFloats(ref sink, 32, brainFloats + 32);
            TSimd.BrainFloats(ref sink, 48, brainFloats + 48);
        }

        for (; count >= 16; count -= 16, brainFloats += 16, sink.Advance(16)) TSimd.BrainFloats(ref sink, 0, brainFloats);
        for (var i = 0; i < count; i++) sink.Take(i, BitConverter.Int32BitsToSingle(brainFloats[i] << 16));
    }
}

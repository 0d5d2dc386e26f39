using System.Runtime.CompilerServices;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.F32;

/// <summary>Single-precision numbers: loaded as they are.</summary>
internal readonly unsafe struct F32Decoder : IBlockFormat
{
    public static int Weights => F32Block.Weights;

    public static int Bytes => sizeof(F32Block);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var lanes = TSimd.Lanes;
        var floats = (float*)source;
        for (; count >= 4 * lanes; count -= 4 * lanes, floats += 4 * lanes, sink.Advance(4 * lanes))
        {
            sink.Take(0, TSimd.Load(floats));
            sink.Take(lanes, TSimd.Load(floats + lanes));
            sink.Take(2 * lanes, TSimd.Load(floats + (2 * lanes)));
            sink.Take(3 * lanes, TSimd.Load(floats + (3 * lanes)));
        }

        for (; count >= lanes; count -= lanes, floats += lanes, sink.Advance(lanes)) sink.Take(0, TSimd.Load(floats));
        for (var i = 0; i < count; i++) sink.Take(i, floats[i]);
    }
}

using System.Runtime.CompilerServices;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Nonlinear;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.IQ4_XS;

/// <summary>Levels times the scale of each 32.</summary>
internal readonly unsafe struct IQ4_XSDecoder : IBlockFormat
{
    public static int Weights => IQ4_XSBlock.Weights;

    public static int Bytes => sizeof(IQ4_XSBlock);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= IQ4_XSBlock.Weights, source += sizeof(IQ4_XSBlock))
        {
            var block = (IQ4_XSBlock*)source;
            var d = ScaleTables.Half(block->Scale);
            int upper = block->UpperScales;
            var lower = *(uint*)block->LowerScales;
            Memory.Prefetch(source);
            Memory.Prefetch(source + 64);
            for (var group = 0; group < 8; group++, upper >>= 2, lower >>= 4, sink.Advance(32))
            {
                var scale = d * SixBits(lower, upper);
                TSimd.Nibbles<TSink, NonlinearLevels>(ref sink, 0, 16, block->Quants + (16 * group), TSimd.Broadcast(scale));
            }
        }
    }

    /// <summary>A group's scale: four low bits and two upper ones, offset by 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SixBits(uint lower, int upper) => (int)(lower & 15) + ((upper & 3) << 4) - 32;
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Q2_0;

/// <summary>Pairs of bits less 1 times the scale.</summary>
internal readonly unsafe struct Q2_0Decoder : IBlockFormat
{
    public static int Weights => Q2_0Block.Weights;

    public static int Bytes => sizeof(Q2_0Block);

    public static void LoadTables() => PairTable.Load();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        for (; count > 0; count -= Q2_0Block.Weights, source += sizeof(Q2_0Block))
        {
            var block = (Q2_0Block*)source;
            var scale = TSimd.Broadcast(ScaleTables.Half(block->Scale));
            Memory.Prefetch(source);
            for (var bytes = block->Quants; bytes < block->Quants + 16; bytes += 4, sink.Advance(16))
            {
                var pairs = PairTable.Pairs;
                TSimd.Scaled(ref sink, 0, Vector128.Create(pairs[bytes[0]], pairs[bytes[1]], pairs[bytes[2]], pairs[bytes[3]]).AsSByte(), scale);
            }
        }
    }
}

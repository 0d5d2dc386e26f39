using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;
using ArchGen.Formats.SmallFloats;

namespace ArchGen.Formats.NVFP4;

/// <summary>Doubled E2M1 levels times half the scale of each 16.</summary>
internal readonly unsafe struct NVFP4Decoder : IBlockFormat
{
    public static int Weights => NVFP4Block.Weights;

    public static int Bytes => sizeof(NVFP4Block);

    public static void LoadTables() => E4M3Table.Load();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        const ulong Nibbles = 0x0F0F_0F0F_0F0F_0F0F;
        for (; count > 0; count -= NVFP4Block.Weights, source += sizeof(NVFP4Block))
        {
            var block = (NVFP4Block*)source;
            Memory.Prefetch(source);
            for (var group = 0; group < 4; group++, sink.Advance(16))
            {
                // Low nibbles are the first eight numbers of a group.
                var bytes = ((ulong*)block->Quants)[group];
                var numbers = Vector128.Shuffle(DoubledE2M1Levels.Bytes, Vector128.Create(bytes & Nibbles, bytes >> 4 & Nibbles).AsSByte());
                TSimd.Scaled(ref sink, 0, numbers, TSimd.Broadcast(E4M3Table.Halves[block->GroupScales[group]]));
            }
        }
    }
}

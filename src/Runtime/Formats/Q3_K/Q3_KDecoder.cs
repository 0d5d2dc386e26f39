using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.KQuants;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Q3_K;

/// <summary>Three bits less 4 times the scale of each 16.</summary>
internal readonly unsafe struct Q3_KDecoder : IBlockFormat
{
    public static int Weights => Q3_KBlock.Weights;

    public static int Bytes => sizeof(Q3_KBlock);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSimd, TVector, TSink>(byte* source, int count, ref TSink sink)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TSink : struct, IWeightSink<TVector>
    {
        var four = Vector128.Create((sbyte)4);
        GroupScales memory;
        for (; count > 0; count -= Q3_KBlock.Weights, source += sizeof(Q3_KBlock))
        {
            var block = (Q3_KBlock*)source;
            var firstMask = Vector128.Load(block->ThirdBits);
            var secondMask = Vector128.Load(block->ThirdBits + 16);
            var scales = GroupScales.Align(&memory);
            GroupScales.Store(UnpackScales(block->GroupScales), ScaleTables.Half(block->Scale), scales);
            Memory.Prefetch(source);
            Memory.Prefetch(source + 64);
            for (var group = 0; group < 8; group++, scales += 2, sink.Advance(32))
            {
                var quants = block->Quants + ((group >> 2) * 32);
                var shift = 2 * (group & 3);
                var first = Bits.Field(Vector128.Load(quants), shift, 3) | (Bits.Field(firstMask, group, 1) << 2);
                var second = Bits.Field(Vector128.Load(quants + 16), shift, 3) | (Bits.Field(secondMask, group, 1) << 2);
                TSimd.Scaled(ref sink, 0, first - four, TSimd.Broadcast(scales[0]));
                TSimd.Scaled(ref sink, 16, second - four, TSimd.Broadcast(scales[1]));
            }
        }
    }

    /// <summary>16 scales: their low four bits are 8 bytes of nibbles, their upper two are in the last 4 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> UnpackScales(byte* packed)
    {
        var nibbles = *(ulong*)packed;
        var upper = *(uint*)(packed + 8);
        var first = (nibbles & 0x0F0F0F0F0F0F0F0F) | (upper & 0x03030303ul) << 4 | (upper >> 2 & 0x03030303ul) << 36;
        var second = (nibbles >> 4 & 0x0F0F0F0F0F0F0F0F) | (upper >> 4 & 0x03030303ul) << 4 | (upper >> 6 & 0x03030303ul) << 36;
        return Vector128.Create(first, second).AsSByte() - Vector128.Create((sbyte)32);
    }
}

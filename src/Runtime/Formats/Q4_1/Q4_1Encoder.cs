using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks32;

namespace ArchGen.Formats.Q4_1;

/// <summary>The block format for <see cref="Blocks32Encoder"/>.</summary>
internal readonly unsafe struct Q4_1Encoder : IBlock32Encoder
{
    public static int Bytes => sizeof(Q4_1Block);

    public static int Bits => 4;

    public static bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* destination, ushort scale, ushort minimum, uint fifthBits, Vector128<byte> nibbles)
    {
        var block = (Q4_1Block*)destination;
        block->Scale = scale;
        block->Minimum = minimum;
        nibbles.Store(block->Quants);
    }
}

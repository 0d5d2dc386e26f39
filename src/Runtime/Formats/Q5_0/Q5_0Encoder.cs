using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks32;

namespace ArchGen.Formats.Q5_0;

/// <summary>The block format for <see cref="Blocks32Encoder"/>.</summary>
internal readonly unsafe struct Q5_0Encoder : IBlock32Encoder
{
    public static int Bytes => sizeof(Q5_0Block);

    public static int Bits => 5;

    public static bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* destination, ushort scale, ushort minimum, uint fifthBits, Vector128<byte> nibbles)
    {
        var block = (Q5_0Block*)destination;
        block->Scale = scale;
        *(uint*)block->FifthBits = fifthBits;
        nibbles.Store(block->Quants);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ArchGen.Formats.Blocks32;

namespace ArchGen.Formats.Q5_1;

/// <summary>The block format for <see cref="Blocks32Encoder"/>.</summary>
internal readonly unsafe struct Q5_1Encoder : IBlock32Encoder
{
    public static int Bytes => sizeof(Q5_1Block);

    public static int Bits => 5;

    public static bool HasMinimum => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* destination, ushort scale, ushort minimum, uint fifthBits, Vector128<byte> nibbles)
    {
        var block = (Q5_1Block*)destination;
        block->Scale = scale;
        block->Minimum = minimum;
        *(uint*)block->FifthBits = fifthBits;
        nibbles.Store(block->Quants);
    }
}

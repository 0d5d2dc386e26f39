using System.Runtime.Intrinsics;

namespace ArchGen.Formats.Blocks32;

/// <summary>The facts of a type that <see cref="Blocks32Encoder"/> needs.</summary>
internal unsafe interface IBlock32Encoder
{
    /// <summary>Bytes per block.</summary>
    static abstract int Bytes { get; }

    /// <summary>Bits of a number: 4 or 5.</summary>
    static abstract int Bits { get; }

    /// <summary>Whether blocks have a minimum; otherwise numbers are offset by half their range.</summary>
    static abstract bool HasMinimum { get; }

    /// <summary>Writes a block.</summary>
    /// <param name="destination">The block.</param>
    /// <param name="scale">The scale, in half precision.</param>
    /// <param name="minimum">The minimum, in half precision; without meaning where there is none.</param>
    /// <param name="fifthBits">The numbers' fifth bits; 0 where there are none.</param>
    /// <param name="nibbles">The numbers' lower four bits: the first 16 in the low, the others in the high nibbles.</param>
    static abstract void Store(byte* destination, ushort scale, ushort minimum, uint fifthBits, Vector128<byte> nibbles);
}

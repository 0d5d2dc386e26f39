using ArchGen.Formats.Search;

namespace ArchGen.Formats.KQuants;

/// <summary>The facts of a type that <see cref="SixBitScaleEncoder"/> needs.</summary>
internal unsafe interface ISixBitScaleEncoder
{
    /// <summary>Bytes per block.</summary>
    static abstract int Bytes { get; }

    /// <summary>Bits of a number: 4 or 5.</summary>
    static abstract int Bits { get; }

    /// <summary>The candidates for scales and minima without importance weights.</summary>
    static abstract ScaleMinimumTries Tries { get; }

    /// <summary>The addresses of a block's parts.</summary>
    static abstract SixBitScaleParts Parts(byte* block);
}

/// <summary>The addresses of the parts of a block with 6-bit scales.</summary>
/// <param name="scale">The factor of the scales, in half precision.</param>
/// <param name="minimum">The factor of the minima, in half precision.</param>
/// <param name="groupScales">The scales and minima, 12 bytes.</param>
/// <param name="fifthBits">32 bytes, of which bit g of byte i is the fifth bit of number 32 g + i; null: numbers have four bits.</param>
/// <param name="quants">The numbers' nibbles, 128 bytes.</param>
internal readonly unsafe struct SixBitScaleParts(ushort* scale, ushort* minimum, byte* groupScales, byte* fifthBits, byte* quants)
{
    public ushort* Scale => scale;

    public ushort* Minimum => minimum;

    public byte* GroupScales => groupScales;

    public byte* FifthBits => fifthBits;

    public byte* Quants => quants;
}

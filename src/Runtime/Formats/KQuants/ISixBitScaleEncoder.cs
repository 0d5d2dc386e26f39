using ArchGen.Formats.Search;

namespace ArchGen.Formats.KQuants;

/// <summary>What <see cref="SixBitScaleEncoder"/> must know of a type.</summary>
internal unsafe interface ISixBitScaleEncoder
{
    /// <summary>Bytes per block.</summary>
    static abstract int Bytes { get; }

    /// <summary>Bits of a number: 4 or 5.</summary>
    static abstract int Bits { get; }

    /// <summary>The candidates for scales and minima where all elements matter alike.</summary>
    static abstract ScaleMinimumTries Tries { get; }

    /// <summary>Where the parts of a block are.</summary>
    static abstract SixBitScaleParts Parts(byte* block);
}

/// <summary>Where the parts of a block with 6-bit scales are.</summary>
/// <param name="scale">What scales are multiplied with, in half precision.</param>
/// <param name="minimum">What minima are multiplied with, in half precision.</param>
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

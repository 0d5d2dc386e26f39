using System.Runtime.InteropServices;

namespace ArchGen.Formats.IQ1_M;

/// <summary>256 numbers in entries of eight, -1, 0 or 1, from a codebook of 2048; all of eight an eighth more or less, with a 3-bit scale for 16.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct IQ1_MBlock
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>Per 8 weights the lower 8 bits of an entry.</summary>
    public fixed byte Entries[32];

    /// <summary>Per 8 weights a nibble, the low one first: the upper 3 bits of an entry, then the shift: 1 for an eighth less.</summary>
    public fixed byte UpperBits[16];

    /// <summary>
    /// Per 64 weights four 3-bit scales, and above them 4 bits of a half-precision number that scales are multiplied with, the lowest first.
    /// </summary>
    public fixed ushort GroupScales[4];
}

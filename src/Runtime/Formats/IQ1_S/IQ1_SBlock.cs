using System.Runtime.InteropServices;

namespace ArchGen.Formats.IQ1_S;

/// <summary>256 numbers in entries of eight, -1, 0 or 1, from a codebook of 2048; all of 32 an eighth more or less, with a 3-bit scale.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct IQ1_SBlock
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>A half-precision number: the factor of the scales.</summary>
    public ushort Scale;

    /// <summary>Per 8 weights the lower 8 bits of an entry.</summary>
    public fixed byte Entries[32];

    /// <summary>Per 32 weights the upper 3 bits of four entries, then the scale, then the shift: 1 for an eighth less.</summary>
    public fixed ushort Groups[8];
}

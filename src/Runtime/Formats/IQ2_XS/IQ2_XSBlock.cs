using System.Runtime.InteropServices;

namespace ArchGen.Formats.IQ2_XS;

/// <summary>256 numbers in entries of eight from a codebook of 512; per 16 a 4-bit scale.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct IQ2_XSBlock
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>A half-precision number: the factor of the scales.</summary>
    public ushort Scale;

    /// <summary>Per 8 weights an entry of 9 bits, and seven signs, of which the eighth makes their number even.</summary>
    public fixed ushort Entries[32];

    /// <summary>Per 16 weights a nibble, the low one first.</summary>
    public fixed byte GroupScales[8];
}

using System.Runtime.InteropServices;

namespace ArchGen.Formats.IQ3_XXS;

/// <summary>256 numbers in entries of four from a codebook of 256; per 32 a 4-bit scale.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct IQ3_XXSBlock
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>A half-precision number: the factor of the scales.</summary>
    public ushort Scale;

    /// <summary>Per 4 weights an entry.</summary>
    public fixed byte Entries[64];

    /// <summary>Per 32 weights four times seven signs, of which the eighth makes their number even, and the scale in the upper 4 bits.</summary>
    public fixed uint SignsAndScales[8];
}

using System.Runtime.InteropServices;

namespace ArchGen.Formats.IQ2_S;

/// <summary>256 numbers in entries of eight from a codebook of 1024; per 16 a 4-bit scale.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct IQ2_SBlock
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>A half-precision number: the factor of the scales.</summary>
    public ushort Scale;

    /// <summary>Per 8 weights the lower 8 bits of an entry.</summary>
    public fixed byte Entries[32];

    /// <summary>Per 8 weights their signs.</summary>
    public fixed byte Signs[32];

    /// <summary>Per 32 weights the upper 2 bits of four entries, the lowest first.</summary>
    public fixed byte UpperBits[8];

    /// <summary>Per 16 weights a nibble, the low one first.</summary>
    public fixed byte GroupScales[8];
}

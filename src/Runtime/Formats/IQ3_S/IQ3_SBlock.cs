using System.Runtime.InteropServices;

namespace ArchGen.Formats.IQ3_S;

/// <summary>256 numbers in entries of four from a codebook of 512; per 32 a 4-bit scale.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct IQ3_SBlock
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>A half-precision number: the factor of the scales.</summary>
    public ushort Scale;

    /// <summary>Per 4 weights the lower 8 bits of an entry.</summary>
    public fixed byte Entries[64];

    /// <summary>Per 32 weights the ninth bits of eight entries.</summary>
    public fixed byte NinthBits[8];

    /// <summary>Per 8 weights their signs.</summary>
    public fixed byte Signs[32];

    /// <summary>Per 32 weights a nibble, the low one first.</summary>
    public fixed byte GroupScales[4];
}

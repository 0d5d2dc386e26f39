using System.Runtime.InteropServices;

namespace ArchGen.Formats.IQ4_NL;

/// <summary>32 nibbles that select unevenly spaced levels, and a scale.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct IQ4_NLBlock
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 32;

    /// <summary>A half-precision number: the scale.</summary>
    public ushort Scale;

    /// <summary>Nibbles: the low ones are the first 16 weights, the high ones the others.</summary>
    public fixed byte Quants[16];
}

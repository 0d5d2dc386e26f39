using System.Runtime.InteropServices;

namespace ArchGen.Formats.Q4_1;

/// <summary>32 nibbles, a scale and a minimum.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct Q4_1Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 32;

    /// <summary>A half-precision number: the scale.</summary>
    public ushort Scale;

    /// <summary>A half-precision number: the minimum.</summary>
    public ushort Minimum;

    /// <summary>Nibbles: the low ones are the first 16 weights, the high ones the others.</summary>
    public fixed byte Quants[16];
}

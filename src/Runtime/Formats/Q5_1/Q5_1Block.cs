using System.Runtime.InteropServices;

namespace ArchGen.Formats.Q5_1;

/// <summary>32 five-bit numbers, a scale and a minimum.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct Q5_1Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 32;

    /// <summary>A half-precision number: the scale.</summary>
    public ushort Scale;

    /// <summary>A half-precision number: the minimum.</summary>
    public ushort Minimum;

    /// <summary>Bit i is the fifth bit of weight i.</summary>
    public fixed byte FifthBits[4];

    /// <summary>Nibbles: the low ones are of the first 16 weights, the high ones of the others.</summary>
    public fixed byte Quants[16];
}

using System.Runtime.InteropServices;

namespace ArchGen.Formats.Q5_K;

/// <summary>256 five-bit numbers; per 32 a 6-bit scale and a 6-bit minimum.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct Q5_KBlock
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>A half-precision number: the factor of the scales.</summary>
    public ushort Scale;

    /// <summary>A half-precision number: the factor of the minima.</summary>
    public ushort Minimum;

    /// <summary>
    /// Eight 6-bit scales and eight 6-bit minima: the low six bits of bytes 0..3 and 4..7 are the first four of each; the nibbles of bytes 8..11, with the
    /// upper two bits of bytes 0..3 and 4..7, the others.
    /// </summary>
    public fixed byte GroupScales[12];

    /// <summary>Bit g of byte i is the fifth bit of weight 32 g + i.</summary>
    public fixed byte FifthBits[32];

    /// <summary>Nibbles, 64 in 32 bytes: the low ones are 32 weights, the high ones the next 32.</summary>
    public fixed byte Quants[128];
}

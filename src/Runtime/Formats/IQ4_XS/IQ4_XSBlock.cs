using System.Runtime.InteropServices;

namespace ArchGen.Formats.IQ4_XS;

/// <summary>256 nibbles that select unevenly spaced levels; per 32 a 6-bit scale, offset by 32.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct IQ4_XSBlock
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>A half-precision number: the factor of the scales.</summary>
    public ushort Scale;

    /// <summary>Per 32 weights the upper 2 bits of the scale, the lowest first.</summary>
    public ushort UpperScales;

    /// <summary>Per 32 weights the lower 4 bits of the scale, the low nibble first.</summary>
    public fixed byte LowerScales[4];

    /// <summary>Nibbles, 32 in 16 bytes: the low ones are the first 16 weights, the high ones the others.</summary>
    public fixed byte Quants[128];
}

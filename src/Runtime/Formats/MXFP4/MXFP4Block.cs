using System.Runtime.InteropServices;

namespace ArchGen.Formats.MXFP4;

/// <summary>32 four-bit floats (E2M1) and a power of two.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct MXFP4Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 32;

    /// <summary>E8M0: the exponent of a power of two, plus 127.</summary>
    public byte Exponent;

    /// <summary>Nibbles: the low ones are the first 16 weights, the high ones the others.</summary>
    public fixed byte Quants[16];
}

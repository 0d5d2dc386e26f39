using System.Runtime.InteropServices;

namespace ArchGen.Formats.TQ2_0;

/// <summary>256 ternary digits in two bits each, and a scale.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct TQ2_0Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>Two bits each, 128 in 32 bytes: byte i has those of weights i, i + 32, i + 64 and i + 96, the lowest first.</summary>
    public fixed byte Quants[64];

    /// <summary>A half-precision number: the scale.</summary>
    public ushort Scale;
}

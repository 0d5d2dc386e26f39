using System.Runtime.InteropServices;

namespace ArchGen.Formats.Q2_0;

/// <summary>64 pairs of bits, offset by 1, and a scale.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct Q2_0Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 64;

    /// <summary>A half-precision number: the scale.</summary>
    public ushort Scale;

    /// <summary>Two bits each, those of four weights one after the other in a byte, the lowest first.</summary>
    public fixed byte Quants[16];
}

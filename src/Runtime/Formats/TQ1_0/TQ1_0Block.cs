using System.Runtime.InteropServices;

namespace ArchGen.Formats.TQ1_0;

/// <summary>256 ternary digits, five in a byte, and a scale.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct TQ1_0Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>
    /// Five digits each, as a fraction of 256: 32 bytes with digits of 160 weights, byte i of weights i, i + 32 and so on, the first the most significant; 16
    /// bytes of 80 weights likewise.
    /// </summary>
    public fixed byte Quants[48];

    /// <summary>The last 16 weights, four digits each.</summary>
    public fixed byte LastQuants[4];

    /// <summary>A half-precision number: the scale.</summary>
    public ushort Scale;
}

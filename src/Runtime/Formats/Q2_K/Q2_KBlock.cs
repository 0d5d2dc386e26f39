using System.Runtime.InteropServices;

namespace ArchGen.Formats.Q2_K;

/// <summary>256 two-bit numbers; per 16 a 4-bit scale and a 4-bit minimum.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct Q2_KBlock
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>Per 16 weights the scale in the low nibble, the minimum in the high one.</summary>
    public fixed byte GroupScales[16];

    /// <summary>Two bits each, 128 in 32 bytes: byte i has those of weights i, i + 32, i + 64 and i + 96, the lowest first.</summary>
    public fixed byte Quants[64];

    /// <summary>A half-precision number: the factor of the scales.</summary>
    public ushort Scale;

    /// <summary>A half-precision number: the factor of the minima.</summary>
    public ushort Minimum;
}

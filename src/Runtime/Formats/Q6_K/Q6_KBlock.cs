using System.Runtime.InteropServices;

namespace ArchGen.Formats.Q6_K;

/// <summary>256 six-bit numbers, offset by 32; per 16 a signed 8-bit scale.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct Q6_KBlock
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>Nibbles, 128 in 64 bytes: the low ones of 64 weights, the high ones of the next 64.</summary>
    public fixed byte Quants[128];

    /// <summary>Upper two bits, 128 in 32 bytes: byte i has those of weights i, i + 32, i + 64 and i + 96, the lowest first.</summary>
    public fixed byte UpperBits[64];

    /// <summary>Per 16 weights the scale.</summary>
    public fixed sbyte GroupScales[16];

    /// <summary>A half-precision number: the factor of the scales.</summary>
    public ushort Scale;
}

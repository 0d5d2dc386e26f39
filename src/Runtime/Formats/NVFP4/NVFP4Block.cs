using System.Runtime.InteropServices;

namespace ArchGen.Formats.NVFP4;

/// <summary>64 four-bit floats (E2M1); per 16 an unsigned E4M3 scale.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct NVFP4Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 64;

    /// <summary>Per 16 weights the scale: unsigned E4M3; 0x7F is 0.</summary>
    public fixed byte GroupScales[4];

    /// <summary>Nibbles, 16 in 8 bytes: the low ones are the first 8 weights, the high ones the others.</summary>
    public fixed byte Quants[32];
}

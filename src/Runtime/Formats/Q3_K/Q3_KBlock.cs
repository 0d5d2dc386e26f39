using System.Runtime.InteropServices;

namespace ArchGen.Formats.Q3_K;

/// <summary>256 three-bit numbers, offset by 4; per 16 a 6-bit scale, offset by 32.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct Q3_KBlock
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>Bit g of byte i is the third bit of weight 32 g + i.</summary>
    public fixed byte ThirdBits[32];

    /// <summary>The lower two bits, 128 in 32 bytes: byte i has those of weights i, i + 32, i + 64 and i + 96, the lowest first.</summary>
    public fixed byte Quants[64];

    /// <summary>
    /// 16 scales: 8 bytes of their low nibbles, the first eight in the low halves; then their upper two bits, of scales i, i + 4, i + 8 and i + 12 in byte i.
    /// </summary>
    public fixed byte GroupScales[12];

    /// <summary>A half-precision number: the factor of the scales.</summary>
    public ushort Scale;
}

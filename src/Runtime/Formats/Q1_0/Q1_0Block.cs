using System.Runtime.InteropServices;

namespace ArchGen.Formats.Q1_0;

/// <summary>128 signs and a scale.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct Q1_0Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 128;

    /// <summary>A half-precision number: the scale.</summary>
    public ushort Scale;

    /// <summary>Bit i of byte j: 1 where weight 8 j + i is positive.</summary>
    public fixed byte Signs[16];
}

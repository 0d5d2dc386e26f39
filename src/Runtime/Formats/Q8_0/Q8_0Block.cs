using System.Runtime.InteropServices;

namespace ArchGen.Formats.Q8_0;

/// <summary>32 signed bytes and a scale.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct Q8_0Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 32;

    /// <summary>A half-precision number: the scale.</summary>
    public ushort Scale;

    /// <summary>The numbers.</summary>
    public fixed sbyte Quants[32];
}

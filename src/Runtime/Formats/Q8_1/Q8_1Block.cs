using System.Runtime.InteropServices;

namespace ArchGen.Formats.Q8_1;

/// <summary>32 signed bytes, a scale, and the sum of their values. Activations of ggml; no file has it.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct Q8_1Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 32;

    /// <summary>A half-precision number: the scale.</summary>
    public ushort Scale;

    /// <summary>A half-precision number: the scale times the sum of the numbers.</summary>
    public ushort Sum;

    /// <summary>The numbers.</summary>
    public fixed sbyte Quants[32];
}

using System.Runtime.InteropServices;

namespace ArchGen.Formats.Q8_K;

/// <summary>256 signed bytes, a single-precision scale, and the sums of 16 each. Activations of ggml; no file has it.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct Q8_KBlock
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 256;

    /// <summary>The scale.</summary>
    public float Scale;

    /// <summary>The numbers.</summary>
    public fixed sbyte Quants[256];

    /// <summary>Per 16 numbers their sum.</summary>
    public fixed short Sums[16];
}

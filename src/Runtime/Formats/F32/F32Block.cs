using System.Runtime.InteropServices;

namespace ArchGen.Formats.F32;

/// <summary>A single-precision number (IEEE 754 binary32).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct F32Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 1;

    /// <summary>The number.</summary>
    public float Value;
}

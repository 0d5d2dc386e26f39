using System.Runtime.InteropServices;

namespace ArchGen.Formats.F64;

/// <summary>A double-precision number (IEEE 754 binary64).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct F64Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 1;

    /// <summary>The number.</summary>
    public double Value;
}

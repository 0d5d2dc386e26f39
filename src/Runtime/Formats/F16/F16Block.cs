using System.Runtime.InteropServices;

namespace ArchGen.Formats.F16;

/// <summary>A half-precision number (IEEE 754 binary16).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct F16Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 1;

    /// <summary>The bits of the number.</summary>
    public ushort Value;
}

using System.Runtime.InteropServices;

namespace ArchGen.Formats.I32;

/// <summary>A signed 32-bit integer.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct I32Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 1;

    /// <summary>The integer.</summary>
    public int Value;
}

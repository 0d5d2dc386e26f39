using System.Runtime.InteropServices;

namespace ArchGen.Formats.I64;

/// <summary>A signed 64-bit integer.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct I64Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 1;

    /// <summary>The integer.</summary>
    public long Value;
}

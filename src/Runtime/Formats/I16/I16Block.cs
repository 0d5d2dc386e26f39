using System.Runtime.InteropServices;

namespace ArchGen.Formats.I16;

/// <summary>A signed 16-bit integer.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct I16Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 1;

    /// <summary>The integer.</summary>
    public short Value;
}

using System.Runtime.InteropServices;

namespace ArchGen.Formats.I8;

/// <summary>A signed 8-bit integer.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct I8Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 1;

    /// <summary>The integer.</summary>
    public sbyte Value;
}

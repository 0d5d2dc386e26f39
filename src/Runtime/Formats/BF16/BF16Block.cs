using System.Runtime.InteropServices;

namespace ArchGen.Formats.BF16;

/// <summary>A brain float: the upper half of a single-precision number.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct BF16Block
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 1;

    /// <summary>The bits of the number.</summary>
    public ushort Value;
}

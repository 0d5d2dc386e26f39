using System.Runtime.InteropServices;
using ArchGen.Formats.Blocks;

namespace ArchGen.Formats.BF16;

/// <summary>A brain float: the upper half of a single-precision number.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct BF16Block : ITensorBlock
{
    /// <summary>Weights of a block.</summary>
    public const int Weights = 1;

    /// <summary>The bits of the number.</summary>
    public ushort Value;

    static int ITensorBlock.Weights => Weights;
}

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>The order of the integers of a block of <see cref="IntegerActivations"/>.</summary>
internal enum IntegerOrder
{
    /// <summary>The upper bytes, then the lower ones.</summary>
    Bytes,

    /// <summary>The upper bytes, then the lower ones, both in four parts: the first 8 of each 32, then the next 8 of each, and so on.</summary>
    BytesOf32,

    /// <summary>
    /// The upper bytes, then the lower ones, both in four parts: the first 4 of each 16, then the next 4 of each, and so on. See
    /// <see cref="IntegerActivations.LaneOf16"/> for the lane of each 16 in a part.
    /// </summary>
    BytesOf16,

    /// <summary>
    /// Words. Those that meet the first nibbles of the 16-bit words in the first 8 bytes of all blocks, where 16 bytes hold the nibbles of 32 weights; those
    /// that meet the second nibbles, and so on; then the same for the last 8 bytes.
    /// </summary>
    NibblesOf32,

    /// <summary>
    /// Words. Those that meet the even bytes of the first 8 of each 32, those that meet the odd ones; then the same for the third 8, the second and the fourth.
    /// An offset is that of even bytes.
    /// </summary>
    WordsOf32,
}

/// <summary>The layout of <see cref="IntegerActivations"/>.</summary>
/// <param name="Order">The order of a block's integers.</param>
/// <param name="Offset">The difference of the stored numbers and the weights; 0 if there are sums of activations, as floats, for minima.</param>
internal readonly record struct IntegerLayout(IntegerOrder Order, int Offset);

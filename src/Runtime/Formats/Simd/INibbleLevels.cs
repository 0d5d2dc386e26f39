using System.Runtime.Intrinsics;

namespace ArchGen.Formats.Simd;

/// <summary>The 16 integers that the values of a nibble stand for, as the constants that the instruction sets want.</summary>
internal interface INibbleLevels
{
    static abstract Vector128<sbyte> Bytes { get; }

    static abstract Vector512<float> Floats { get; }
}

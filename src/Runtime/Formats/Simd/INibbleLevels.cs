using System.Runtime.Intrinsics;

namespace ArchGen.Formats.Simd;

/// <summary>The 16 levels of a nibble, as the constants that the instruction sets need.</summary>
internal interface INibbleLevels
{
    static abstract Vector128<sbyte> Bytes { get; }

    static abstract Vector512<float> Floats { get; }
}

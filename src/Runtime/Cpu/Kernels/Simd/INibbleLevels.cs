using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ArchGen.Cpu.Kernels.Simd;

/// <summary>The 16 integers that the values of a nibble stand for, as the constants that the instruction sets want.</summary>
internal interface INibbleLevels
{
    static abstract Vector128<sbyte> Bytes { get; }

    static abstract Vector512<float> Floats { get; }
}

/// <summary>The nibble less 8.</summary>
internal readonly struct CenteredLevels : INibbleLevels
{
    public static Vector128<sbyte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7);
    }

    public static Vector512<float> Floats
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(-8f, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7);
    }
}

/// <summary>The doubled values of a 4-bit float, E2M1 (OCP microscaling formats 1.0, 5.3.3).</summary>
internal readonly struct DoubledE2M1Levels : INibbleLevels
{
    public static Vector128<sbyte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);
    }

    public static Vector512<float> Floats
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0f, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);
    }
}

/// <summary>The levels of ggml's IQ4_NL and IQ4_XS.</summary>
internal readonly struct NonlinearLevels : INibbleLevels
{
    public static Vector128<sbyte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);
    }

    public static Vector512<float> Floats
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(-127f, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);
    }
}

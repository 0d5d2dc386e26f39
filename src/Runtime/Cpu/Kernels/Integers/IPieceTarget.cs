using System.Runtime.Intrinsics;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>Where a piece of some rows goes as integers, and as which.</summary>
internal unsafe interface IPieceTarget
{
    /// <summary>Weights come in multiples of this; what is missing is zero.</summary>
    static abstract int Unit { get; }

    /// <summary>What the scale of a row's floats follows from.</summary>
    float Measure(float* row, int count);

    /// <summary>Converts the floats of the row with this index, and returns their scale.</summary>
    float Convert(float* row, int count, float measure, int index);

    /// <summary>The greatest length that the vector of a row's integers from <see cref="ScaledBytes"/> may have, and the largest magnitude of one.</summary>
    static abstract (float Length, float Magnitude) Most { get; }

    /// <summary>
    /// Takes 64 integers of the row with this index, from <paramref name="index"/> on; <paramref name="sum"/> is passed on to <see cref="End"/>.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="index">A multiple of 64.</param>
    /// <param name="first">In each 128 bits the first eight of 16.</param>
    /// <param name="last">In each 128 bits the last eight.</param>
    /// <param name="sum">Zero for the first.</param>
    /// <returns>What the next get.</returns>
    Vector512<int> Take(int row, int index, Vector512<short> first, Vector512<short> last, Vector512<int> sum);

    /// <summary>All of a row have been taken.</summary>
    void End(int row, Vector512<int> sum);
}

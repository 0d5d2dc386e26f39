using System.Runtime.Intrinsics;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>The destination of a chunk of some rows as integers, and their kind.</summary>
internal unsafe interface IChunkTarget
{
    /// <summary>The number of weights is a multiple of this; chunks are padded with zeros.</summary>
    static abstract int Unit { get; }

    /// <summary>The measure of a row's floats from which their scale follows.</summary>
    float Measure(float* row, int count);

    /// <summary>Converts the floats of the row with this index, and returns their scale.</summary>
    float Convert(float* row, int count, float measure, int index);

    /// <summary>The greatest length that the vector of a row's integers from <see cref="ScaledBytes"/> may have, and the largest magnitude of one.</summary>
    static abstract (float Length, float Magnitude) Max { get; }

    /// <summary>
    /// Takes 64 integers of the row with this index, from <paramref name="index"/> on; <paramref name="sum"/> is passed on to <see cref="End"/>.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="index">A multiple of 64.</param>
    /// <param name="first">In each 128 bits the first eight of 16.</param>
    /// <param name="last">In each 128 bits the last eight.</param>
    /// <param name="sum">Zero for the first.</param>
    /// <returns>The sum for the next call.</returns>
    Vector512<int> Take(int row, int index, Vector512<short> first, Vector512<short> last, Vector512<int> sum);

    /// <summary>Ends a row, after all its integers.</summary>
    void End(int row, Vector512<int> sum);
}

using System.Runtime.CompilerServices;

namespace ArchGen.Cpu.Kernels;

/// <summary>Activations as rows that are aligned to cache lines and filled up with zeros to whole steps of <see cref="DotTiles{TFormat,TSimd,TVector}"/>.</summary>
internal static unsafe class ActivationRows
{
    /// <summary>Floats that a row is filled up to a multiple of: two vectors of 512 bits.</summary>
    public const int Unit = 32;

    private const int LineFloats = 16;

    /// <summary>Floats from one row to the next: padded by a cache line, as strides of a power of two would compete for the same cache sets.</summary>
    public static long Stride(int k) => Whole(k) + LineFloats;

    /// <summary>A number of floats, filled up.</summary>
    public static int Whole(int count) => (count + Unit - 1) & -Unit;

    public static void Copy(float* x, long xStride, int* rows, int tokenBegin, int tokenEnd, int k, float* destination)
    {
        var stride = Stride(k);
        for (var t = tokenBegin; t < tokenEnd; t++)
        {
            var source = x + (rows is null ? t : rows[t]) * xStride;
            Unsafe.CopyBlockUnaligned(destination + t * stride, source, (uint)k * sizeof(float));
            new Span<float>(destination + t * stride + k, Whole(k) - k).Clear();
        }
    }
}

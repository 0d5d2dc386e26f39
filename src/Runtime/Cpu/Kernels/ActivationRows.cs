using System.Runtime.CompilerServices;

namespace ArchGen.Cpu.Kernels;

/// <summary>Activations of a few tokens: rows aligned to cache lines.</summary>
internal static unsafe class ActivationRows
{
    private const int LineFloats = 16;

    /// <summary>Floats from one row to the next: padded by a cache line, as strides of a power of two would compete for the same cache sets.</summary>
    public static long Stride(int k) => ((k + LineFloats - 1L) & -LineFloats) + LineFloats;

    public static void Copy(float* x, long xStride, int* rows, int tokenBegin, int tokenEnd, int k, float* destination)
    {
        var stride = Stride(k);
        for (var t = tokenBegin; t < tokenEnd; t++)
        {
            var source = x + (rows is null ? t : rows[t]) * xStride;
            Unsafe.CopyBlockUnaligned(destination + t * stride, source, (uint)k * sizeof(float));
        }
    }
}

using System.Runtime.CompilerServices;

namespace ArchGen.Cpu;

/// <summary>Activations of a few tokens: one row after the other, each padded with zeros to whole vectors of the widest instruction set.</summary>
internal static unsafe class ActivationRows
{
    private const int Multiple = 16;

    /// <summary>Floats from one row to the next.</summary>
    public static long Stride(int k) => (k + Multiple - 1L) & -Multiple;

    public static void Copy(float* x, long xStride, int* rows, int tokenBegin, int tokenEnd, int k, float* destination)
    {
        var stride = Stride(k);
        for (var t = tokenBegin; t < tokenEnd; t++)
        {
            var source = x + (rows is null ? t : rows[t]) * xStride;
            var row = destination + t * stride;
            Unsafe.CopyBlockUnaligned(row, source, (uint)k * sizeof(float));
            new Span<float>(row + k, (int)(stride - k)).Clear();
        }
    }
}

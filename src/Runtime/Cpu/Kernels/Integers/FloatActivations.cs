using System.Runtime.CompilerServices;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>Activations of a few tokens as they are, filled up with zeros to whole steps.</summary>
internal static unsafe class FloatActivations
{
    /// <summary>Activations of a step of the products with 16-bit floats.</summary>
    public const int Step = 64;

    /// <summary>The width in whole steps.</summary>
    public static int WholeSteps(int k) => (k + Step - 1) & -Step;

    /// <summary>Bytes from one token to the next.</summary>
    public static long Stride(int k) => ActivationRows.Stride(WholeSteps(k)) * sizeof(float);

    /// <summary>Copies a token's activations.</summary>
    public static void Fill(float* x, int k, byte* destination)
    {
        Unsafe.CopyBlockUnaligned(destination, x, (uint)k * sizeof(float));
        new Span<float>((float*)destination + k, WholeSteps(k) - k).Clear();
    }
}

namespace ArchGen.Cpu.Kernels;

/// <summary>The precision of weights and activations in matrix products.</summary>
public enum Precision
{
    /// <summary>As they are.</summary>
    Exact,

    /// <summary>
    /// Activations are rounded to 16 bits, and with many tokens the weights of quantized and 16-bit types too: products are of integers. Weights in single
    /// precision stay exact.
    /// </summary>
    Int16,
}

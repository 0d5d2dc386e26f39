using ArchGen.Cpu.Kernels.Integers.Formats;
using ArchGen.Gguf;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>On AVX2: <see cref="Int16DotProducts{TFormat}"/>.</summary>
internal sealed unsafe class Int16RowProduct<TFormat> : RowProduct where TFormat : struct, IInt16Format
{
    // From here on tiles are faster, measured on Zen 3.
    public override int MaxTokens => TFormat.GroupSize == 32 ? 24 : 16;

    public override int Layout => 4 + (int)TFormat.Order;

    public override long Stride(int k) => Int16Activations.Stride(k);

    protected override void Prepare(float* x, int k, byte* prepared) => Int16Activations.Fill(x, k, TFormat.Order, prepared);

    public override void Multiply(byte* weights, long rowBytes, int rows, int k, byte* prepared, int tokens, float* y, long yStride) =>
        Int16DotProducts<TFormat>.Compute(weights, rowBytes, rows, k, prepared, Stride(k), tokens, y, yStride);
}

using System.Runtime.CompilerServices;
using ArchGen.Cpu.Blocks;
using ArchGen.Cpu.Simd;
using ArchGen.Gguf;

namespace ArchGen.Cpu;

/// <summary>The matrix product over any block format and instruction set: chooses the loop that suits the number of tokens.</summary>
internal sealed unsafe class BlockMatMulKernel<TFormat, TSimd, TVector>(TensorType type, CpuTier tier) : MatMulKernel(type, tier)
    where TFormat : struct, IBlockFormat
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public override int PreparationGrain => 16;

    public override long PreparedBytes(int tokens, int k) => (long)tokens * ActivationRows.Stride(k) * sizeof(float);

    public override void Prepare(float* x, long xStride, int* rows, int tokenBegin, int tokenEnd, int tokens, int k, byte* prepared) =>
        ActivationRows.Copy(x, xStride, rows, tokenBegin, tokenEnd, k, (float*)prepared);

    public override void Multiply(
        byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, byte* prepared, int tokens, float* y, long yStride)
    {
        var x = (float*)prepared;
        var xStride = ActivationRows.Stride(k);
        for (var first = 0; first < tokens; first += DotProducts.MaxTokens)
        {
            DotProducts.Compute<TFormat, TSimd, TVector>(
                weights, rowBytes, rowBegin, rowEnd, k, x + first * xStride, xStride, Math.Min(tokens - first, DotProducts.MaxTokens),
                y + first * yStride, yStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Dequantize(byte* source, float* destination, long count)
    {
        // In steps that fit an int and hold whole blocks of every format.
        const int Step = 1 << 20;
        for (; count > 0; count -= Step, source += Step / TFormat.Weights * TFormat.Bytes, destination += Step)
            TFormat.Unpack<TSimd, TVector>(source, destination, (int)Math.Min(count, Step));
    }
}

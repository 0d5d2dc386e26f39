using System.Runtime.CompilerServices;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels;

/// <summary>The matrix product over any block format and instruction set: chooses the loop that suits the number of tokens.</summary>
internal sealed unsafe class BlockMatMulKernel<TFormat, TSimd, TVector>(TensorType type, CpuTarget target) : MatMulKernel(type, target)
    where TFormat : struct, IBlockFormat
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // Beyond, tiles are faster than dot products.
    private const int MaxSmallBatch = 12;

    private protected override long GrainBytes(int k) =>
        Math.Max(MaxSmallBatch * ActivationRows.Stride(k), ActivationPanels<TSimd, TVector>.Length(PreparationGrain, k)) * sizeof(float);

    public override void Prepare(float* x, long xStride, int* rows, int tokenBegin, int tokenEnd, int tokens, int k, byte* prepared)
    {
        if (IsSmallBatch(tokens)) ActivationRows.Copy(x, xStride, rows, tokenBegin, tokenEnd, k, (float*)prepared);
        else ActivationPanels<TSimd, TVector>.Fill(x, xStride, rows, tokenBegin, tokenEnd, k, (float*)prepared);
    }

    public override void Multiply(
        byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, byte* prepared, int tokens, float* y, long yStride)
    {
        var x = (float*)prepared;
        if (IsSmallBatch(tokens))
        {
            DotProducts<TFormat, TSimd, TVector>.Compute(
                weights, rowBytes, rowBegin, rowEnd, k, x, ActivationRows.Stride(k), tokens, y, yStride);
            return;
        }

        const int Step = PanelProducts<TFormat, TSimd, TVector>.MaxTokens;
        for (var first = 0; first < tokens; first += Step)
        {
            PanelProducts<TFormat, TSimd, TVector>.Compute(
                weights, rowBytes, rowBegin, rowEnd, k, x + (long)first * k, Math.Min(tokens - first, Step), y + first * yStride, yStride);
        }
    }

    private static bool IsSmallBatch(int tokens) => tokens <= MaxSmallBatch;
}

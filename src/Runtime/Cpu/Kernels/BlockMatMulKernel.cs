using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels;

/// <summary>The exact matrix product over any block format and instruction set: the same bits for a token whatever others are computed with it.</summary>
internal sealed unsafe class BlockMatMulKernel<TFormat, TSimd, TVector>(TensorType type, CpuTarget target) : MatMulKernel(type, target)
    where TFormat : struct, IBlockFormat
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private protected override long GrainBytes(int k) => PreparationGrain * ActivationRows.Stride(k) * sizeof(float);

    public override void Prepare(float* x, long xStride, int* rows, int tokenBegin, int tokenEnd, int tokens, int k, byte* prepared) =>
        ActivationRows.Copy(x, xStride, rows, tokenBegin, tokenEnd, k, (float*)prepared);

    public override void Multiply(
        byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, byte* prepared, int tokens, float* y, long yStride)
    {
        const int Step = DotTiles<TFormat, TSimd, TVector>.MaxTokens;
        var x = (float*)prepared;
        var stride = ActivationRows.Stride(k);
        for (var first = 0; first < tokens; first += Step)
        {
            DotTiles<TFormat, TSimd, TVector>.Compute(
                weights, rowBytes, rowBegin, rowEnd, k, x + first * stride, stride, Math.Min(tokens - first, Step), y + first * yStride, yStride);
        }
    }
}

using System.Runtime.CompilerServices;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels;

/// <summary>The exact matrix product over any block format and instruction set, by a method; they add in different orders.</summary>
internal sealed unsafe class BlockMatMulKernel<TFormat, TSimd, TVector>(TensorType type, CpuTarget target, ProductMethod method = ProductMethod.ByCount)
    : MatMulKernel(type, target)
    where TFormat : struct, IBlockFormat
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // Beyond, tiles are faster than dot products.
    private const int MaxSmallBatch = 12;

    private MatMulKernel? _ofRows, _ofTiles;

    internal override MatMulKernel With(ProductMethod other) => other switch
    {
        ProductMethod.Rows => _ofRows ??= new BlockMatMulKernel<TFormat, TSimd, TVector>(Type, Target, other),
        ProductMethod.Tiles => _ofTiles ??= new BlockMatMulKernel<TFormat, TSimd, TVector>(Type, Target, other),
        _ => this,
    };

    private protected override long GrainBytes(int k) =>
        Math.Max(PreparationGrain * ActivationRows.Stride(k), ActivationPanels<TSimd, TVector>.Length(PreparationGrain, k)) * sizeof(float);

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

    private bool IsSmallBatch(int tokens) => method switch
    {
        ProductMethod.Rows => true,
        ProductMethod.Tiles => false,
        _ => tokens <= MaxSmallBatch,
    };
}

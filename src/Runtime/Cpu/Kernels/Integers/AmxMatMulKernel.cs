using System.Runtime.Intrinsics;
using ArchGen.Cpu.Kernels.MachineCode;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>The matrix product on AMX for many tokens; for few it is that of <see cref="InstructionSet.Avx512Vnni"/>.</summary>
internal sealed unsafe class AmxMatMulKernel<TFormat>(TensorType type, CpuTarget target, ProductMethod method = ProductMethod.ByCount)
    : IntegerMatMulKernel<TFormat, VnniTile, Simd512, Vector512<float>>(
        type, target, RowProduct.For(type, isWide: true), ScaledBytes.Find(type, isSplit: true), method)
    where TFormat : struct, IBlockFormat
{
    // Tiles have 16 tokens; fewer take the same time.
    private protected override int FewTokens => Math.Min(base.FewTokens, 12);

    private protected override int MaxTailTokens => 0;

    private protected override MatMulKernel Create(ProductMethod other) => new AmxMatMulKernel<TFormat>(Type, Target, other);

    public override void WarmUp()
    {
        base.WarmUp();
        _ = AmxEmitter.Instance;
    }

    private protected override long PanelBytes(int tokens, int k) => AmxPanels.Length(tokens, k);

    private protected override void FillPanels(float* x, long xStride, int* rows, int tokenBegin, int tokenEnd, int k, byte* panels) =>
        AmxPanels.Fill(x, xStride, rows, tokenBegin, tokenEnd, k, panels, Bytes);

    private protected override void MultiplyPanels(
        byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, byte* panels, int tokens, float* y, long yStride) =>
        AmxProducts<TFormat>.Compute(weights, rowBytes, rowBegin, rowEnd, k, Bytes, panels, tokens, y, yStride);
}

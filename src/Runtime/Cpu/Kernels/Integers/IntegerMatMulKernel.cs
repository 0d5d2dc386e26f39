using ArchGen.Cpu.Kernels.MachineCode;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// The matrix product in 16-bit integers: for many tokens both weights and activations are rounded, for few only activations, if the type supports it; else
/// exactly.
/// </summary>
/// <param name="type">Type of the weights.</param>
/// <param name="target">This kernel's instruction set.</param>
/// <param name="smallBatch">The product for small batches; null if they are computed exactly.</param>
/// <param name="bytes">The unpacking of whole chunks of rows to bytes for many tokens; null to unpack to floats first.</param>
/// <param name="method">The method.</param>
internal unsafe class IntegerMatMulKernel<TFormat, TTile, TSimd, TVector>(
    TensorType type, CpuTarget target, RowProduct? smallBatch, ScaledBytes? bytes = null, ProductMethod method = ProductMethod.ByCount)
    : MatMulKernel(type, target)
    where TFormat : struct, IBlockFormat
    where TTile : struct, IIntegerTile
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // Narrower matrices take little time and are not worth the rounding.
    private const int MinWidth = 512;

    private readonly MatMulKernel _exact = new BlockMatMulKernel<TFormat, TSimd, TVector>(type, target.ToExact(), method);

    /// <summary>The unpacking of whole chunks of rows to bytes for many tokens; null to unpack to floats first.</summary>
    private protected ScaledBytes? Bytes { get; } = bytes;

    private MatMulKernel? _ofRows, _ofTiles;

    /// <summary>The maximum of tokens for which products row by row, or exact ones, are faster than tiles.</summary>
    private protected virtual int FewTokens => smallBatch?.MaxTokens ?? 7;

    /// <summary>The maximum of tail tokens that are multiplied row by row.</summary>
    private protected virtual int MaxTailTokens => method == ProductMethod.ByCount ? smallBatch?.MaxTailTokens ?? 0 : 0;

    // The maximum of tokens that are multiplied row by row, or exactly.
    private int MaxSmallBatch => method switch
    {
        ProductMethod.Rows => int.MaxValue,
        ProductMethod.Tiles => 0,
        _ => FewTokens,
    };

    // Few tokens and many have the same order. Kernels that share a preparation also switch methods at the same number of tokens.
    private protected override int Layout => (smallBatch?.Layout ?? 1) + (FewTokens << 16);

    internal override MatMulKernel With(ProductMethod other) => other switch
    {
        ProductMethod.Rows => _ofRows ??= Create(other),
        ProductMethod.Tiles => _ofTiles ??= Create(other),
        _ => this,
    };

    /// <summary>The same kernel with a method.</summary>
    private protected virtual MatMulKernel Create(ProductMethod other) =>
        new IntegerMatMulKernel<TFormat, TTile, TSimd, TVector>(Type, Target, smallBatch, Bytes, other);

    public override void WarmUp()
    {
        TTile.WarmUp();
        smallBatch?.WarmUp();
        Bytes?.WarmUp();
        if (HalfEmitter.Converts<TFormat, TSimd>()) _ = HalfEmitter.Instance;
    }

    private protected override long GrainBytes(int k) =>
        Math.Max(PanelBytes(PreparationGrain, k), HasRows(k) ? PreparationGrain * smallBatch!.Stride(k) : _exact.PreparedBytes(PreparationGrain, k));

    public override void Prepare(float* x, long xStride, int* rows, int tokenBegin, int tokenEnd, int tokens, int k, byte* prepared)
    {
        if (IsExact(tokens, k))
        {
            _exact.Prepare(x, xStride, rows, tokenBegin, tokenEnd, tokens, k, prepared);
            return;
        }

        var inPanels = TokensInPanels(tokens, k);
        if (tokenBegin < inPanels) FillPanels(x, xStride, rows, tokenBegin, Math.Min(tokenEnd, inPanels), k, prepared);
        if (tokenEnd <= inPanels) return;
        var product = RowsOf(tokens - inPanels);
        product.Prepare(x, xStride, rows, Math.Max(tokenBegin, inPanels), tokenEnd, k, prepared + PanelBytes(inPanels, k) - (inPanels * product.Stride(k)));
    }

    public override void Multiply(byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, byte* prepared, int tokens, float* y, long yStride)
    {
        if (IsExact(tokens, k))
        {
            _exact.Multiply(weights, rowBytes, rowBegin, rowEnd, k, prepared, tokens, y, yStride);
            return;
        }

        var inPanels = TokensInPanels(tokens, k);
        MultiplyAllPanels(weights, rowBytes, rowBegin, rowEnd, k, prepared, inPanels, y, yStride);
        if (inPanels < tokens)
            MultiplyRows(weights, rowBytes, rowBegin, rowEnd, k, prepared + PanelBytes(inPanels, k), tokens - inPanels, y + (inPanels * yStride), yStride);
    }

    // What is faster for one token rounds otherwise.
    private RowProduct RowsOf(int tokens) => method == ProductMethod.ByCount ? smallBatch!.OfTokens(tokens) : smallBatch!;

    private bool HasRows(int k) => smallBatch is not null && k >= MinWidth && k % RowProduct.WidthUnit == 0;

    private bool IsExact(int tokens, int k) => k < MinWidth || (tokens <= MaxSmallBatch && !HasRows(k));

    /// <summary>The number of tokens that are multiplied in panels; the tail row by row.</summary>
    private int TokensInPanels(int tokens, int k)
    {
        if (tokens <= MaxSmallBatch) return 0;
        var rest = tokens % IntegerPanels.Width;
        return HasRows(k) && rest <= MaxTailTokens ? tokens - rest : tokens;
    }

    private void MultiplyRows(byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, byte* prepared, int tokens, float* y, long yStride)
    {
        var product = RowsOf(tokens);
        var rows = RowProduct.RowsAtATime(rowBytes, tokens);
        for (var r = rowBegin; r < rowEnd; r += rows)
            product.Multiply(weights + (r * rowBytes), rowBytes, Math.Min(rows, rowEnd - r), k, prepared, tokens, y + r, yStride);
    }

    private void MultiplyAllPanels(byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, byte* panels, int tokens, float* y, long yStride)
    {
        const int MaxTokens = IntegerPanels.MaxTokens;
        for (var first = 0; first < tokens; first += MaxTokens)
        {
            var x = panels + PanelBytes(first, k);
            MultiplyPanels(weights, rowBytes, rowBegin, rowEnd, k, x, Math.Min(tokens - first, MaxTokens), y + (first * yStride), yStride);
        }
    }

    /// <summary>Bytes of the prepared activations of many tokens; those of the tokens after whole panels begin there.</summary>
    private protected virtual long PanelBytes(int tokens, int k) => IntegerPanels.Length(tokens, k) * sizeof(short);

    /// <summary>Lays out the activations of many tokens.</summary>
    private protected virtual void FillPanels(float* x, long xStride, int* rows, int tokenBegin, int tokenEnd, int k, byte* panels) =>
        IntegerPanels.Fill(x, xStride, rows, tokenBegin, tokenEnd, k, (short*)panels, TTile.IsPaired, Bytes);

    /// <summary>Multiplies many tokens, <see cref="IntegerPanels.MaxTokens"/> at most.</summary>
    private protected virtual void MultiplyPanels(
        byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, byte* panels, int tokens, float* y, long yStride) =>
        IntegerProducts<TFormat, TTile, TSimd, TVector>.Compute(weights, rowBytes, rowBegin, rowEnd, k, Bytes, (short*)panels, tokens, y, yStride);
}

using ArchGen.Cpu.Kernels.MachineCode;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// The matrix product in 16-bit integers: for many tokens of weights and activations, for few of activations only, where there is a way for the type; else
/// exactly.
/// </summary>
/// <param name="type">Type of the weights.</param>
/// <param name="target">This kernel's instruction set.</param>
/// <param name="few">How few tokens are multiplied, or null: exactly.</param>
/// <param name="bytes">How whole pieces of rows are unpacked for many tokens, or null: by way of floats.</param>
internal unsafe class IntegerMatMulKernel<TFormat, TTile, TSimd, TVector>(TensorType type, CpuTarget target, RowProduct? few, ScaledBytes? bytes = null)
    : MatMulKernel(type, target)
    where TFormat : struct, IBlockFormat
    where TTile : struct, IIntegerTile
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    // Narrower matrices are read in no time, and gain nothing for what rounding would lose.
    private const int LeastWidth = 512;

    private readonly MatMulKernel _exact = new BlockMatMulKernel<TFormat, TSimd, TVector>(type, target.ToExact());

    /// <summary>How whole pieces of rows are unpacked for many tokens, if not by way of floats.</summary>
    private protected ScaledBytes? Bytes { get; } = bytes;

    /// <summary>The most tokens that are multiplied row by row, or exactly.</summary>
    private protected virtual int MostOfFew => few?.MostTokens ?? 7;

    /// <summary>The most tokens behind whole panels that are multiplied row by row.</summary>
    private protected virtual int MostOfRest => few?.MostOfRest ?? 0;

    // Few tokens and many have the same order. Kernels that share a preparation also change from one way to another at the same number of tokens.
    private protected override int Layout => (few?.Layout ?? 1) + (MostOfFew << 16);

    public override void WarmUp()
    {
        TTile.WarmUp();
        few?.WarmUp();
        Bytes?.WarmUp();
        if (HalfCode.Converts<TFormat, TSimd>()) _ = HalfCode.Instance;
    }

    private protected override long GrainBytes(int k) =>
        Math.Max(PanelBytes(PreparationGrain, k), HasRows(k) ? MostOfFew * few!.Stride(k) : _exact.PreparedBytes(PreparationGrain, k));

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
        var product = few!.OfTokens(tokens - inPanels);
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

    private bool HasRows(int k) => few is not null && k >= LeastWidth && k % RowProduct.WidthUnit == 0;

    private bool IsExact(int tokens, int k) => k < LeastWidth || (tokens <= MostOfFew && !HasRows(k));

    /// <summary>How many tokens are multiplied in panels; those behind them row by row.</summary>
    private int TokensInPanels(int tokens, int k)
    {
        if (tokens <= MostOfFew) return 0;
        var rest = tokens % IntegerPanels.Width;
        return HasRows(k) && rest <= MostOfRest ? tokens - rest : tokens;
    }

    private void MultiplyRows(byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, byte* prepared, int tokens, float* y, long yStride)
    {
        var product = few!.OfTokens(tokens);
        var rows = RowProduct.RowsAtATime(rowBytes, tokens);
        for (var r = rowBegin; r < rowEnd; r += rows)
            product.Multiply(weights + (r * rowBytes), rowBytes, Math.Min(rows, rowEnd - r), k, prepared, tokens, y + r, yStride);
    }

    private void MultiplyAllPanels(byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, byte* panels, int tokens, float* y, long yStride)
    {
        const int Most = IntegerPanels.MostTokens;
        for (var first = 0; first < tokens; first += Most)
        {
            var x = panels + PanelBytes(first, k);
            MultiplyPanels(weights, rowBytes, rowBegin, rowEnd, k, x, Math.Min(tokens - first, Most), y + (first * yStride), yStride);
        }
    }

    /// <summary>Bytes of the prepared activations of many tokens; those of the tokens after whole panels begin there.</summary>
    private protected virtual long PanelBytes(int tokens, int k) => IntegerPanels.Length(tokens, k) * sizeof(short);

    /// <summary>Lays out the activations of many tokens.</summary>
    private protected virtual void FillPanels(float* x, long xStride, int* rows, int tokenBegin, int tokenEnd, int k, byte* panels) =>
        IntegerPanels.Fill(x, xStride, rows, tokenBegin, tokenEnd, k, (short*)panels, TTile.IsPaired, Bytes);

    /// <summary>Multiplies many tokens, <see cref="IntegerPanels.MostTokens"/> at most.</summary>
    private protected virtual void MultiplyPanels(
        byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, byte* panels, int tokens, float* y, long yStride) =>
        IntegerProducts<TFormat, TTile, TSimd, TVector>.Compute(weights, rowBytes, rowBegin, rowEnd, k, Bytes, (short*)panels, tokens, y, yStride);
}

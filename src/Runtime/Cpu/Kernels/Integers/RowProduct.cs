using System.Numerics;
using ArchGen.Formats;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>The product for small batches: activations are prepared row by row, and each weight is read once for several of them.</summary>
internal abstract unsafe class RowProduct
{
    /// <summary>The width of a matrix must be a multiple of this; see <see cref="LastSteps"/> for those that are not whole steps.</summary>
    public const int WidthUnit = 32;

    /// <summary>The maximum number of rows of a call.</summary>
    public const int MaxRows = 96;

    // Rows that are read several times, for the next tokens or part by part, stay in the second-level cache.
    private const int MinRows = 16, MaxBytes = 128 << 10;

    /// <summary>The fastest one of a type with the instructions of AVX-512 or of AVX2; null if exact products are as fast.</summary>
    public static RowProduct? For(TensorType type, bool isWide) =>
        (isWide ? null : FormatKernelTable.Of(type).Int16Rows?.Invoke()) ?? EmittedRowProduct.Find(type, isWide);

    /// <summary>The best number of rows of a call: even, and as large as the caches allow, since each call loads constants.</summary>
    public static int RowsAtATime(long rowBytes, int tokens) =>
        tokens == 1 ? MaxRows : (int)Math.Clamp(MaxBytes / rowBytes, MinRows, MaxRows) & ~1;

    /// <summary>The maximum number of tokens for which this is faster than tiles.</summary>
    public abstract int MaxTokens { get; }

    /// <summary>
    /// The maximum of tail tokens, after whole panels, for which this is faster than another tile, whose weights are unpacked already: a third of the above,
    /// rounded down to a multiple of four, the tokens of a call (measured on Zen 4).
    /// </summary>
    public int MaxTailTokens => MaxTokens / 3 & ~3;

    /// <summary>This, or a product that is faster for a number of tokens.</summary>
    public virtual RowProduct OfTokens(int tokens) => this;

    /// <summary>Distinguishes the preparations.</summary>
    public abstract int Layout { get; }

    /// <summary>Bytes of a token's prepared activations.</summary>
    public abstract long Stride(int k);

    /// <summary>Prepares the first product: assembles its code.</summary>
    public virtual void WarmUp()
    {
    }

    /// <summary>As <see cref="MatMulKernel.Prepare"/>.</summary>
    public void Prepare(float* x, long xStride, int* rows, int tokenBegin, int tokenEnd, int k, byte* prepared)
    {
        for (var t = tokenBegin; t < tokenEnd; t++) Prepare(x + ((rows is null ? t : rows[t]) * xStride), k, prepared + (t * Stride(k)));
    }

    /// <summary>Lays out one token's activations.</summary>
    protected abstract void Prepare(float* x, int k, byte* prepared);

    /// <summary>Computes y[t, r] for some tokens and at most <see cref="MaxRows"/> rows.</summary>
    public abstract void Multiply(byte* weights, long rowBytes, int rows, int k, byte* prepared, int tokens, float* y, long yStride);

    /// <summary>Multiplies a token's results by the scale of its activations.</summary>
    protected static void Scale(float* y, int rows, float factor)
    {
        var r = 0;
        for (; r <= rows - Vector<float>.Count; r += Vector<float>.Count) (Vector.Load(y + r) * factor).Store(y + r);
        for (; r < rows; r++) y[r] *= factor;
    }
}

using System.Numerics;
using ArchGen.Formats;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>How few tokens are multiplied: activations are prepared row by row, and each weight is read once for several of them.</summary>
internal abstract unsafe class RowProduct
{
    /// <summary>The width of a matrix must be a multiple of this.</summary>
    public const int WidthUnit = 256;

    /// <summary>How many rows are multiplied at a time at most.</summary>
    public const int MostRows = 96;

    // Rows that are read again, for the next tokens or part by part, stay in the second-level cache.
    private const int LeastRows = 16, MostBytes = 128 << 10;

    /// <summary>The fastest one of a type with the instructions of AVX-512 or with those of AVX2; null: exact products are as fast.</summary>
    public static RowProduct? For(TensorType type, bool isWide) =>
        (isWide ? null : FormatKernelTable.Of(type).Int16Rows?.Invoke()) ?? CodeRowProduct.Find(type, isWide);

    /// <summary>How many rows are best multiplied at a time: an even number, and as many as the caches allow, since each call loads constants.</summary>
    public static int RowsAtATime(long rowBytes, int tokens) =>
        tokens == 1 ? MostRows : (int)Math.Clamp(MostBytes / rowBytes, LeastRows, MostRows) & ~1;

    /// <summary>The most tokens for which this is faster than tiles.</summary>
    public abstract int MostTokens { get; }

    /// <summary>
    /// The most tokens behind whole panels for which this is faster than another tile, whose weights are unpacked already: a third of the above, in whole
    /// fours, which are multiplied at a time (measured on Zen 4).
    /// </summary>
    public int MostOfRest => MostTokens / 3 & ~3;

    /// <summary>This, or what is faster for so many tokens.</summary>
    public virtual RowProduct OfTokens(int tokens) => this;

    /// <summary>Distinguishes the preparations.</summary>
    public abstract int Layout { get; }

    /// <summary>Bytes of a token's prepared activations.</summary>
    public abstract long Stride(int k);

    /// <summary>Does what the first product would otherwise wait for.</summary>
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

    /// <summary>y[t, r] for so many tokens and rows, at most <see cref="MostRows"/>.</summary>
    public abstract void Multiply(byte* weights, long rowBytes, int rows, int k, byte* prepared, int tokens, float* y, long yStride);

    /// <summary>Multiplies a token's results with what its activations were divided by.</summary>
    protected static void Scale(float* y, int rows, float factor)
    {
        var r = 0;
        for (; r <= rows - Vector<float>.Count; r += Vector<float>.Count) (Vector.Load(y + r) * factor).Store(y + r);
        for (; r < rows; r++) y[r] *= factor;
    }
}

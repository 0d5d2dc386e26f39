using System.Runtime.CompilerServices;
using ArchGen.Cpu.Blocks;
using ArchGen.Cpu.Simd;

namespace ArchGen.Cpu;

/// <summary>
/// The product for few tokens, bound by reading the weights: each weight is read and unpacked once, and multiplied with every token's activation.
/// </summary>
/// <remarks>Four rows at a time are unpacked, a piece of the row at once, into the first-level cache; sums are vectors until the row ends.</remarks>
internal static unsafe class DotProducts
{
    /// <summary>Most tokens of one call.</summary>
    public const int MaxTokens = 16;

    private const int Rows = 4;
    private const int Piece = 256;

    /// <summary>y[r] for r in rowBegin..rowEnd and one token: the weights go from memory to the sums through registers.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ComputeOneToken<TFormat, TSimd, TVector>(byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, float* x, float* y)
        where TFormat : struct, IBlockFormat
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (var r = rowBegin; r < rowEnd; r++)
        {
            var sink = new DotSink<TSimd, TVector>(x);
            TFormat.Unpack<TSimd, TVector, DotSink<TSimd, TVector>>(weights + r * rowBytes, k, ref sink);
            y[r] = sink.Total();
        }
    }

    /// <summary>y[t, r] for t in 0..tokens, r in rowBegin..rowEnd; x as in <see cref="ActivationRows"/>.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compute<TFormat, TSimd, TVector>(
        byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, float* x, long xStride, int tokens, float* y, long yStride)
        where TFormat : struct, IBlockFormat
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        const int Capacity = Rows * Piece + Rows * MaxTokens * 16;
        var memory = stackalloc float[Capacity + 16];
        var unpacked = (float*)(((nuint)memory + 63) & ~(nuint)63);
        var sums = unpacked + Rows * Piece;

        for (var r = rowBegin; r < rowEnd; r += Rows)
        {
            var rows = Math.Min(Rows, rowEnd - r);
            for (var i = 0; i < Rows * tokens; i++) TSimd.Store(sums + i * TSimd.Lanes, TSimd.Broadcast(0));

            for (var begin = 0; begin < k; begin += Piece)
            {
                var count = Math.Min(Piece, k - begin);
                var padded = (count + 15) & ~15;
                for (var i = 0; i < rows; i++)
                {
                    var source = weights + (r + i) * rowBytes + (long)begin / TFormat.Weights * TFormat.Bytes;
                    var target = unpacked + i * Piece;
                    var sink = new StoreSink<TSimd, TVector>(target);
                    TFormat.Unpack<TSimd, TVector, StoreSink<TSimd, TVector>>(source, count, ref sink);
                    for (var j = count; j < padded; j++) target[j] = 0;
                }

                for (var t = 0; t < tokens; t += 4)
                {
                    // Where fewer than four tokens are left, the last is computed again.
                    var (t1, t2, t3) = (Math.Min(t + 1, tokens - 1), Math.Min(t + 2, tokens - 1), Math.Min(t + 3, tokens - 1));
                    AddFourTokens<TSimd, TVector>(
                        unpacked, rows, padded, x + begin + t * xStride, x + begin + t1 * xStride, x + begin + t2 * xStride, x + begin + t3 * xStride,
                        sums + t * Rows * TSimd.Lanes, sums + t1 * Rows * TSimd.Lanes, sums + t2 * Rows * TSimd.Lanes, sums + t3 * Rows * TSimd.Lanes);
                }
            }

            for (var t = 0; t < tokens; t++)
                for (var i = 0; i < rows; i++)
                    y[t * yStride + r + i] = TSimd.Sum(TSimd.Load(sums + (t * Rows + i) * TSimd.Lanes));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFourTokens<TSimd, TVector>(
        float* weights, int rows, int count, float* x0, float* x1, float* x2, float* x3, float* s0, float* s1, float* s2, float* s3)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        var lanes = TSimd.Lanes;
        for (var i = 0; i < rows; i += 2)
        {
            var w0 = weights + i * Piece;
            var w1 = i + 1 < rows ? w0 + Piece : w0;
            var (o0, o1) = (i * lanes, (i + 1) * lanes);
            var (a00, a10, a20, a30) = (TSimd.Load(s0 + o0), TSimd.Load(s1 + o0), TSimd.Load(s2 + o0), TSimd.Load(s3 + o0));
            var (a01, a11, a21, a31) = (TSimd.Load(s0 + o1), TSimd.Load(s1 + o1), TSimd.Load(s2 + o1), TSimd.Load(s3 + o1));
            for (var j = 0; j < count; j += lanes)
            {
                var (v0, v1) = (TSimd.Load(w0 + j), TSimd.Load(w1 + j));
                var x = TSimd.Load(x0 + j);
                a00 = TSimd.MultiplyAdd(x, v0, a00);
                a01 = TSimd.MultiplyAdd(x, v1, a01);
                x = TSimd.Load(x1 + j);
                a10 = TSimd.MultiplyAdd(x, v0, a10);
                a11 = TSimd.MultiplyAdd(x, v1, a11);
                x = TSimd.Load(x2 + j);
                a20 = TSimd.MultiplyAdd(x, v0, a20);
                a21 = TSimd.MultiplyAdd(x, v1, a21);
                x = TSimd.Load(x3 + j);
                a30 = TSimd.MultiplyAdd(x, v0, a30);
                a31 = TSimd.MultiplyAdd(x, v1, a31);
            }

            TSimd.Store(s0 + o0, a00);
            TSimd.Store(s1 + o0, a10);
            TSimd.Store(s2 + o0, a20);
            TSimd.Store(s3 + o0, a30);
            TSimd.Store(s0 + o1, a01);
            TSimd.Store(s1 + o1, a11);
            TSimd.Store(s2 + o1, a21);
            TSimd.Store(s3 + o1, a31);
        }
    }
}

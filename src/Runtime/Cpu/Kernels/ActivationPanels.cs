using System.Runtime.CompilerServices;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels;

/// <summary>
/// Activations of many tokens: panels of as many tokens as two vectors hold, [panel, k, tokens of the panel], so that a vector is the same
/// activation of neighbouring tokens. The last panel is filled with zeros.
/// </summary>
internal static unsafe class ActivationPanels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>Tokens per panel.</summary>
    public static int Width => 2 * TSimd.Lanes;

    /// <summary>Floats of all panels.</summary>
    public static long Length(int tokens, int k) => (tokens + Width - 1L) / Width * Width * k;

    /// <summary>Fills the panels of the tokens from <paramref name="tokenBegin"/>, a multiple of the width, to <paramref name="tokenEnd"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Fill(float* x, long xStride, int* rows, int tokenBegin, int tokenEnd, int k, float* panels)
    {
        // Columns of a pass: few enough that the panel stays in the first-level cache from token to token.
        const int Columns = 64;
        for (var first = tokenBegin; first < tokenEnd; first += Width)
        {
            var panel = panels + (long)first * k;
            for (var begin = 0; begin < k; begin += Columns)
            {
                var end = Math.Min(begin + Columns, k);
                for (var t = 0; t < Width; t++)
                {
                    var token = first + t;
                    if (token < tokenEnd)
                    {
                        var source = x + (rows is null ? token : rows[token]) * xStride;
                        for (var i = begin; i < end; i++) panel[i * Width + t] = source[i];
                    }
                    else
                    {
                        for (var i = begin; i < end; i++) panel[i * Width + t] = 0;
                    }
                }
            }
        }
    }
}

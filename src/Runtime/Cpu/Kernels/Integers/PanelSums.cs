using ArchGen.Cpu.Kernels.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>The sums of a few rows with many tokens, as tiles add them up: [panel, row, token of the panel].</summary>
internal static unsafe class PanelSums
{
    /// <summary>y[token, row] = sums[panel, row, token of the panel]</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="width">Tokens of a panel, a multiple of 16.</param>
    /// <param name="panelRows">Rows of a panel.</param>
    /// <param name="rows">Rows to store.</param>
    /// <param name="tokens">Tokens to store.</param>
    /// <param name="y">The results, [tokens, ..].</param>
    /// <param name="yStride">Floats from the results of one token to the next.</param>
    public static void Store(float* sums, int width, int panelRows, int rows, int tokens, float* y, long yStride)
    {
        for (var t = 0; t < tokens; t += 16)
        {
            var panel = sums + ((long)(t / width) * width * panelRows) + (t % width);
            var target = y + (t * yStride);
            var row = 0;
            if (tokens - t >= 16)
                for (; row <= rows - 16; row += 16) Transpose.Square16((uint*)(panel + (row * width)), width, (uint*)(target + row), yStride);
            for (var u = 0; u < Math.Min(16, tokens - t); u++)
                for (var i = row; i < rows; i++) target[(u * yStride) + i] = panel[(i * width) + u];
        }
    }
}

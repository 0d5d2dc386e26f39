namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>Products of a tile of 16-bit integers: some rows of weights with a panel's tokens, or a part of them.</summary>
internal unsafe interface IIntegerTile
{
    /// <summary>Rows of a tile.</summary>
    static abstract int Rows { get; }

    /// <summary>Tokens of a tile, a divisor of a panel's.</summary>
    static abstract int Tokens { get; }

    /// <summary>Whether it computes <see cref="PairedProducts"/>, and reads the corrections of rows and tokens.</summary>
    static abstract bool IsPaired { get; }

    /// <summary>Prepares the first product: assembles its code.</summary>
    static abstract void WarmUp();

    /// <summary>sums[row, token] (+)= rowScales[row] * scales[token] * the sum over i of w[row, 2i..] . x[i, token, 2], for <see cref="Rows"/> rows.</summary>
    /// <param name="tokens">The number of tokens; fewer may be faster.</param>
    /// <param name="w">Integers, rows <see cref="IntegerPanels.RowBytes"/> apart.</param>
    /// <param name="pairs">Number of pairs, at least 1.</param>
    /// <param name="x">The tile's tokens of a chunk of a panel as in <see cref="IntegerPanels"/>: integers [pairs, 32 tokens, 2].</param>
    /// <param name="scales">Their scales.</param>
    /// <param name="sums">[rows, 32 tokens].</param>
    /// <param name="rowScales">[rows].</param>
    /// <param name="isFirst">Whether the products replace the sums; otherwise they are added.</param>
    /// <param name="ahead">The bytes to prefetch meanwhile into the second-level cache, evenly over the pairs.</param>
    static abstract void Add(int tokens, short* w, int pairs, short* x, float* scales, float* sums, float* rowScales, bool isFirst, BytesAhead ahead);
}

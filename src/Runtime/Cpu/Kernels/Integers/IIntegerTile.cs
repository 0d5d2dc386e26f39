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

    /// <summary>Does what the first product would otherwise wait for.</summary>
    static abstract void WarmUp();

    /// <summary>sums[row, token] (+)= rowScales[row] * scales[token] * the sum over i of w[row, 2i..] . x[i, token, 2], for <see cref="Rows"/> rows.</summary>
    /// <param name="tokens">Tokens that are wanted; fewer may go faster.</param>
    /// <param name="w">Integers, rows <see cref="IntegerPanels.RowBytes"/> apart.</param>
    /// <param name="pairs">Number of pairs, at least 1.</param>
    /// <param name="x">The tile's tokens of a piece of a panel as in <see cref="IntegerPanels"/>: integers [pairs, 32 tokens, 2].</param>
    /// <param name="scales">Their scales.</param>
    /// <param name="sums">[rows, 32 tokens].</param>
    /// <param name="rowScales">[rows].</param>
    /// <param name="isFirst">Whether the sums become what is computed; otherwise that is added to them.</param>
    /// <param name="ahead">What may be fetched meanwhile into the second-level cache, evenly: so many bytes for each pair.</param>
    static abstract void Add(int tokens, short* w, int pairs, short* x, float* scales, float* sums, float* rowScales, bool isFirst, BytesAhead ahead);
}

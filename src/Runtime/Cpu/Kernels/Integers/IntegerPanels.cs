using System.Runtime.CompilerServices;
using ArchGen.Cpu.Kernels.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// Activations of many tokens as 16-bit integers: panels of 32 tokens, divided into chunks of <see cref="ChunkSize"/> activations. A chunk is the 32 tokens'
/// scales, their corrections for <see cref="PairedProducts"/>, and the integers, [pairs, tokens, 2], so that a vector is the same pair of activations of 16
/// neighbouring tokens. Panels are padded with zeros to 32 tokens and to 16 pairs.
/// </summary>
internal static unsafe class IntegerPanels
{
    /// <summary>Tokens per panel.</summary>
    public const int Width = 32;

    /// <summary>The maximum number of tokens of a call.</summary>
    public const int MaxTokens = 512;

    /// <summary>
    /// Activations of a chunk; the last may be shorter. A chunk of a panel fits the first-level cache, and holds whole blocks of every format.
    /// </summary>
    public const int ChunkSize = 512;

    /// <summary>Bytes from a row of a tile's weights to the next: a chunk and a cache line, as equal strides would compete for the same cache sets.</summary>
    public const int RowBytes = (ChunkSize * sizeof(short)) + 64;

    /// <summary>The offset of a row's correction, for <see cref="PairedProducts"/>: after its integers.</summary>
    public const int RowCorrectionOffset = ChunkSize * sizeof(short);

    /// <summary>Bytes of a chunk's corrections, which end where its integers begin.</summary>
    public const int CorrectionBytes = Width * sizeof(int);

    /// <summary>Bytes from a chunk's scales to its integers.</summary>
    public const int HeaderBytes = (Width * sizeof(float)) + CorrectionBytes;

    // Integers, the header included, from one chunk to the next.
    private const int ChunkStride = (Width * ChunkSize) + (HeaderBytes / sizeof(short));

    /// <summary>Integers from one panel to the next.</summary>
    public static long Stride(int k) => (long)((k + ChunkSize - 1) / ChunkSize) * ChunkStride;

    /// <summary>Integers of all panels.</summary>
    public static long Length(int tokens, int k) => (tokens + Width - 1L) / Width * Stride(k);

    /// <summary>The integers of the chunk of a panel that begins at activation <paramref name="begin"/>; its scales and corrections are before them.</summary>
    public static short* ChunkAt(short* panel, int begin) => panel + ((long)begin / ChunkSize * ChunkStride) + (HeaderBytes / sizeof(short));

    /// <summary>Fills the panels of the tokens from <paramref name="tokenBegin"/>, a multiple of the width, to <paramref name="tokenEnd"/>.</summary>
    /// <param name="x">Activations, [.., k].</param>
    /// <param name="xStride">Floats from one row of <paramref name="x"/> to the next.</param>
    /// <param name="rows">The row of <paramref name="x"/> of each token; null if token t is row t.</param>
    /// <param name="tokenBegin">The first token.</param>
    /// <param name="tokenEnd">One past the last token.</param>
    /// <param name="k">Activations per token.</param>
    /// <param name="panels">The destination.</param>
    /// <param name="isPaired">Whether they are for <see cref="PairedProducts"/>.</param>
    /// <param name="bytes">The unpacking of the weights, whose order the activations then have; null for the file's order.</param>
    [SkipLocalsInit]
    public static void Fill(float* x, long xStride, int* rows, int tokenBegin, int tokenEnd, int k, short* panels, bool isPaired, ScaledBytes? bytes)
    {
        var ordered = stackalloc short[ChunkSize];
        var integers = stackalloc short[Width * ChunkSize];
        var padded = stackalloc float[ChunkSize];
        for (var first = tokenBegin; first < tokenEnd; first += Width)
        {
            var panel = panels + (first / Width * Stride(k));
            var tokens = Math.Min(Width, tokenEnd - first);
            new Span<short>(integers + (tokens * ChunkSize), (Width - tokens) * ChunkSize).Clear();
            for (var begin = 0; begin < k; begin += ChunkSize)
            {
                var count = Math.Min(ChunkSize, k - begin);
                var places = bytes?.PlacesOf(count);
                var chunk = ChunkAt(panel, begin);
                var scales = new Span<float>((byte*)chunk - HeaderBytes, Width);
                var corrections = new Span<int>((byte*)chunk - CorrectionBytes, Width);
                scales[tokens..].Clear();
                corrections[tokens..].Clear();
                for (var t = 0; t < tokens; t++)
                {
                    var source = Padded(x + ((rows is null ? first + t : rows[first + t]) * xStride) + begin, count, 32, padded);
                    var whole = (count + 31) & ~31;
                    short* row = integers + (t * ChunkSize), target = places is null ? row : ordered;
                    var length = isPaired ? Int16Scaling.Length(source, whole, PairedProducts.MaxActivation) : Int16Scaling.Length(source, whole);
                    scales[t] = Int16Scaling.Convert(source, target, whole, length);
                    if (isPaired) corrections[t] = PairedProducts.Correction(target, whole);
                    if (places is not null) TileOrder.Arrange((long*)ordered, places, count, (long*)row);
                }

                TransposePairs((uint*)integers, (count + 1) / 2, (uint*)chunk);
            }
        }
    }

    /// <summary>
    /// A row's chunk, filled up with zeros in <paramref name="scratch"/>, <see cref="ChunkSize"/> long, where it is no multiple of <paramref name="unit"/>.
    /// </summary>
    public static float* Padded(float* source, int count, int unit, float* scratch)
    {
        if (count % unit == 0) return source;
        new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(scratch, ChunkSize));
        new Span<float>(scratch + count, ChunkSize - count).Clear();
        return scratch;
    }

    /// <summary>panel[pair, token] = integers[token, pair]</summary>
    private static void TransposePairs(uint* integers, int pairs, uint* panel)
    {
        const int Stride = ChunkSize / 2;
        for (var pair = 0; pair < pairs; pair += 16)
        {
            // After the last pair there are zeros that belong to the chunk.
            Transpose.Square16(integers + pair, Stride, panel + (pair * Width), Width);
            Transpose.Square16(integers + (16 * Stride) + pair, Stride, panel + (pair * Width) + 16, Width);
        }
    }
}

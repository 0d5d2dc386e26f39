using System.Runtime.CompilerServices;
using ArchGen.Cpu.Kernels.Simd;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// Activations of many tokens as 16-bit integers: panels of 32 tokens, cut into pieces of <see cref="Piece"/> activations. A piece is the 32 tokens' scales,
/// their corrections for <see cref="PairedProducts"/>, and the integers, [pairs, tokens, 2], so that a vector is the same pair of activations of 16
/// neighbouring tokens. What is missing to 32 tokens and to 16 pairs is zero.
/// </summary>
internal static unsafe class IntegerPanels
{
    /// <summary>Tokens per panel.</summary>
    public const int Width = 32;

    /// <summary>Most tokens that are multiplied at a time.</summary>
    public const int MostTokens = 512;

    /// <summary>
    /// Activations of a piece; the last may be shorter. A piece of a panel fits the first-level cache, and holds whole blocks of every format.
    /// </summary>
    public const int Piece = 512;

    /// <summary>Bytes from a row of a tile's weights to the next: a piece, and a line, as equal distances would compete for the same cache sets.</summary>
    public const int RowBytes = (Piece * sizeof(short)) + 64;

    /// <summary>Where a row's correction is, for <see cref="PairedProducts"/>: behind its integers.</summary>
    public const int RowCorrectionOffset = Piece * sizeof(short);

    /// <summary>Bytes of a piece's corrections, which end where its integers begin.</summary>
    public const int CorrectionBytes = Width * sizeof(int);

    /// <summary>Bytes from a piece's scales to its integers.</summary>
    public const int HeaderBytes = (Width * sizeof(float)) + CorrectionBytes;

    // Integers, the header included, from one piece to the next.
    private const int PieceStride = (Width * Piece) + (HeaderBytes / sizeof(short));

    /// <summary>Integers from one panel to the next.</summary>
    public static long Stride(int k) => (long)((k + Piece - 1) / Piece) * PieceStride;

    /// <summary>Integers of all panels.</summary>
    public static long Length(int tokens, int k) => (tokens + Width - 1L) / Width * Stride(k);

    /// <summary>The integers of the piece of a panel that begins at activation <paramref name="begin"/>; its scales and corrections lie before them.</summary>
    public static short* PieceAt(short* panel, int begin) => panel + ((long)begin / Piece * PieceStride) + (HeaderBytes / sizeof(short));

    /// <summary>Fills the panels of the tokens from <paramref name="tokenBegin"/>, a multiple of the width, to <paramref name="tokenEnd"/>.</summary>
    /// <param name="x">Activations, [.., k].</param>
    /// <param name="xStride">Floats from one row of <paramref name="x"/> to the next.</param>
    /// <param name="rows">Which row of <paramref name="x"/> is token t, per token; null where token t is row t.</param>
    /// <param name="tokenBegin">The first token.</param>
    /// <param name="tokenEnd">One past the last token.</param>
    /// <param name="k">Activations per token.</param>
    /// <param name="panels">Where they go.</param>
    /// <param name="isPaired">Whether they are for <see cref="PairedProducts"/>.</param>
    /// <param name="bytes">How weights are unpacked, whose order the activations then have; null: they are as they come.</param>
    [SkipLocalsInit]
    public static void Fill(float* x, long xStride, int* rows, int tokenBegin, int tokenEnd, int k, short* panels, bool isPaired, ScaledBytes? bytes)
    {
        var ordered = stackalloc short[Piece];
        var integers = stackalloc short[Width * Piece];
        var padded = stackalloc float[Piece];
        for (var first = tokenBegin; first < tokenEnd; first += Width)
        {
            var panel = panels + (first / Width * Stride(k));
            var tokens = Math.Min(Width, tokenEnd - first);
            new Span<short>(integers + (tokens * Piece), (Width - tokens) * Piece).Clear();
            for (var begin = 0; begin < k; begin += Piece)
            {
                var count = Math.Min(Piece, k - begin);
                var places = bytes?.PlacesOf(count);
                var piece = PieceAt(panel, begin);
                var scales = new Span<float>((byte*)piece - HeaderBytes, Width);
                var corrections = new Span<int>((byte*)piece - CorrectionBytes, Width);
                scales[tokens..].Clear();
                corrections[tokens..].Clear();
                for (var t = 0; t < tokens; t++)
                {
                    var source = Padded(x + ((rows is null ? first + t : rows[first + t]) * xStride) + begin, count, 32, padded);
                    var whole = (count + 31) & ~31;
                    short* row = integers + (t * Piece), target = places is null ? row : ordered;
                    var length = isPaired ? Int16Scaling.Length(source, whole, PairedProducts.MostActivation) : Int16Scaling.Length(source, whole);
                    scales[t] = Int16Scaling.Convert(source, target, whole, length);
                    if (isPaired) corrections[t] = PairedProducts.Correction(target, whole);
                    if (places is not null) TileOrder.Arrange((long*)ordered, places, count, (long*)row);
                }

                Turn((uint*)integers, (count + 1) / 2, (uint*)piece);
            }
        }
    }

    /// <summary>
    /// A row's piece, filled up with zeros in <paramref name="room"/>, <see cref="Piece"/> long, where it is no multiple of <paramref name="unit"/>.
    /// </summary>
    public static float* Padded(float* source, int count, int unit, float* room)
    {
        if (count % unit == 0) return source;
        new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(room, Piece));
        new Span<float>(room + count, Piece - count).Clear();
        return room;
    }

    /// <summary>panel[pair, token] = integers[token, pair]</summary>
    private static void Turn(uint* integers, int pairs, uint* panel)
    {
        const int Stride = Piece / 2;
        for (var pair = 0; pair < pairs; pair += 16)
        {
            // Beyond the last pair, zeros that belong to the piece's room.
            Transpose.Square16(integers + pair, Stride, panel + (pair * Width), Width);
            Transpose.Square16(integers + (16 * Stride) + pair, Stride, panel + (pair * Width) + 16, Width);
        }
    }
}

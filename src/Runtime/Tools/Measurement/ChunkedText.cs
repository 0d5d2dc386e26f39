using ArchGen.Tokenizers;

namespace ArchGen.Tools.Measurement;

/// <summary>
/// A text as token ids, divided into chunks of one length; a shorter rest at the end is not used. Each chunk is a separate sequence, whose first
/// token is replaced by BOS if the model wants it, as in llama.cpp's tools.
/// </summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class ChunkedText
{
    private readonly int[] _tokens;

    /// <summary>Chunks of given tokens.</summary>
    /// <param name="tokens">Whole chunks.</param>
    /// <param name="chunkLength">Tokens of a chunk.</param>
    /// <param name="bos">The token that replaces the first of each chunk; null for none.</param>
    public ChunkedText(int[] tokens, int chunkLength, int? bos)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (chunkLength < 1 || tokens.Length == 0 || tokens.Length % chunkLength != 0)
            throw new ArgumentException($"{tokens.Length} tokens are no whole chunks of {chunkLength}.", nameof(tokens));
        (_tokens, ChunkLength, Bos, TextTokens) = (tokens, chunkLength, bos, tokens.Length);
    }

    /// <summary>Tokens of a chunk.</summary>
    public int ChunkLength { get; }

    /// <summary>The token that replaces the first of each chunk; null for none.</summary>
    public int? Bos { get; }

    /// <summary>The number of chunks.</summary>
    public int Chunks => _tokens.Length / ChunkLength;

    /// <summary>The tokens of all chunks, as the text has them.</summary>
    public ReadOnlySpan<int> Tokens => _tokens;

    /// <summary>Tokens of the whole text, those that are not used among them.</summary>
    public int TextTokens { get; private init; }

    /// <summary>Cuts a text.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="text">The text.</param>
    /// <param name="chunkLength">Tokens of a chunk.</param>
    /// <param name="maxChunks">Chunks to keep at most; null for all.</param>
    /// <param name="parseSpecial">Read control tokens that are written in the text.</param>
    /// <param name="skippedChunks">Chunks to leave out at the beginning.</param>
    /// <exception cref="ArchGenException">The text is too short for a chunk.</exception>
    public static ChunkedText Create(Tokenizer tokenizer, string text, int chunkLength, int? maxChunks = null, bool parseSpecial = false, int skippedChunks = 0)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkLength, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(skippedChunks);
        if (maxChunks < 1) throw new ArgumentOutOfRangeException(nameof(maxChunks));
        var bos = tokenizer.AddsBos ? tokenizer.Vocabulary.Bos : null;
        var encoded = tokenizer.Encode(text, addSpecial: false, parseSpecial);
        var tokens = bos is { } first ? [first, .. encoded] : encoded;
        var chunks = (tokens.Length / chunkLength) - skippedChunks;
        if (chunks < 1)
        {
            var wanted = skippedChunks > 0 ? $"a chunk after the first {skippedChunks}" : "one chunk";
            throw new RequestException(
                $"The text has {tokens.Length} tokens, too few for {wanted} of {chunkLength}. "
                + "Use a longer text, or shorter chunks.");
        }

        chunks = Math.Min(chunks, maxChunks ?? int.MaxValue);
        return new ChunkedText(tokens.AsSpan(skippedChunks * chunkLength, chunks * chunkLength).ToArray(), chunkLength, bos) { TextTokens = tokens.Length };
    }

    /// <summary>The token that the model reads at a place.</summary>
    public int Read(int chunk, int position) => position == 0 && Bos is { } bos ? bos : this[chunk, position];

    /// <summary>The text's token at a place.</summary>
    public int this[int chunk, int position]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(chunk);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(chunk, Chunks);
            ArgumentOutOfRangeException.ThrowIfNegative(position);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, ChunkLength);
            return _tokens[(chunk * ChunkLength) + position];
        }
    }
}

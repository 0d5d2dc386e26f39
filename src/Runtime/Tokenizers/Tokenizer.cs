using ArchGen.Gguf;
using ArchGen.Tokenizers.HuggingFace;

namespace ArchGen.Tokenizers;

/// <summary>
/// Encodes text to the token ids of a model and decodes them, as the model's file states. Safe to use from several threads.
/// </summary>
public abstract class Tokenizer
{
    private const string VocabularyKey = "tokenizer.ggml.model";

    private protected Tokenizer(Vocabulary vocabulary) => Vocabulary = vocabulary;

    /// <summary>The tokens with their texts, kinds and scores.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Whether BOS is put in front of a text when special tokens are added.</summary>
    public bool AddsBos { get; private protected init; }

    /// <summary>Whether EOS (for an encoder: the separator) is added after a text when special tokens are added.</summary>
    public bool AddsEos { get; private protected init; }

    /// <summary>Warnings of what the file leaves open, in sentences for the user; empty for most files.</summary>
    public IReadOnlyList<string> Warnings { get; private protected init; } = [];

    /// <summary>Whether a GGUF file has a vocabulary.</summary>
    internal static bool IsIn(GgufMetadata metadata) =>
        metadata.ContainsKey(HuggingFaceTokenizer.MetadataKey) || metadata.GetStringOrNull(VocabularyKey) is not (null or "no_vocab" or "none");

    /// <summary>The tokenizer that a GGUF file describes.</summary>
    /// <exception cref="ModelFileException">The file has no vocabulary, or one of a kind that is not known.</exception>
    public static Tokenizer FromMetadata(GgufMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        const string key = VocabularyKey;
        if (metadata.ContainsKey(HuggingFaceTokenizer.MetadataKey)) return HuggingFaceTokenizer.FromEmbedded(metadata);
        return metadata.GetStringOrNull(key) switch
        {
            "llama" => new SentencePieceTokenizer(metadata),
            "gpt2" => new BytePairTokenizer(metadata, metadata.GetStringOrNull("tokenizer.ggml.pre")),
            "gemma4" => new BytePairTokenizer(metadata, "gemma4"),
            "bert" => new WordPieceTokenizer(metadata),
            "t5" => new UnigramTokenizer(metadata),
            "rwkv" => new RwkvTokenizer(metadata),
            "plamo2" => new PlamoTokenizer(metadata),
            null or "no_vocab" or "none" => throw new ModelFileException(
                $"{metadata.Source}: the file has no vocabulary ({key} is {(metadata.ContainsKey(key) ? "\"no_vocab\"" : "missing")}), so text cannot be read "
                + "or written. Give token ids where a command takes them, or copy the vocabulary of another file of the model: "
                + "archgen edit IN -o OUT --vocab-from OTHER."),
            var model => throw new ModelFileException(
                $"{metadata.Source}: {key} is \"{model}\"; known are \"llama\" (SentencePiece BPE), \"gpt2\" (byte-level BPE), \"gemma4\", \"bert\" "
                + "(WordPiece), \"t5\" (Unigram), \"rwkv\" and \"plamo2\". Give token ids instead of text."),
        };
    }

    /// <summary>The tokens of a text. Lone surrogates are read as U+FFFD.</summary>
    /// <param name="addSpecial">Put BOS, EOS or separator around the text, where the model wants them.</param>
    /// <param name="parseSpecial">Read control tokens that are written in the text; without it they are text like any other.</param>
    public int[] Encode(string text, bool addSpecial, bool parseSpecial) => Encode(text, addSpecial, new SpecialScope(parseSpecial));

    /// <summary>
    /// The tokens of a text in which control tokens are read, such as a rendered chat template, but for parts that strangers wrote, such as a message. A
    /// control token that is written in such a part, even a character of it, is text like any other.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="addSpecial">Put BOS, EOS or separator around the text, where the model wants them.</param>
    /// <param name="plain">The parts, as ranges of characters: sorted, apart from each other, within the text.</param>
    public int[] Encode(string text, bool addSpecial, IReadOnlyList<Range> plain)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(plain);
        var ranges = plain.Select(range => (Start: range.Start.GetOffset(text.Length), End: range.End.GetOffset(text.Length))).ToArray();
        for (var i = 0; i < ranges.Length; i++)
        {
            if (ranges[i].Start < (i == 0 ? 0 : ranges[i - 1].End) || ranges[i].End < ranges[i].Start || ranges[i].End > text.Length)
                throw new ArgumentException($"Range {i} is {plain[i]}: ranges are sorted, apart from each other, and within the text.", nameof(plain));
        }

        return Encode(text, addSpecial, new SpecialScope(isAllowed: true, ranges));
    }

    private protected abstract int[] Encode(string text, bool addSpecial, SpecialScope scope);

    /// <summary>The text of tokens. Bytes that are not UTF-8 become U+FFFD.</summary>
    /// <param name="special">Write control and unknown tokens as they are named; without it they are left out.</param>
    public abstract string Decode(ReadOnlySpan<int> tokens, bool special);

    /// <summary>The bytes of one token: not always whole characters. Empty for a control token, unless <paramref name="special"/> is set.</summary>
    public abstract ReadOnlySpan<byte> Piece(int token, bool special);

    /// <summary>Whether the text of tokens is the concatenation of the texts of each.</summary>
    internal virtual bool DecodesEachByItself => true;
}

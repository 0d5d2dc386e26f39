using System.Globalization;
using ArchGen.Gguf;
using ArchGen.Tokenizers;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>
/// The vocabulary of Qwen's first models, qwen.tiktoken: per line a token's bytes in base64 and its rank, which is its id. The special tokens, which the
/// author's code adds, have the ids behind the last rank.
/// </summary>
internal sealed class TiktokenVocabulary
{
    private const string EndOfText = "<|endoftext|>";

    private readonly List<string> _merges = [];

    private TiktokenVocabulary(TokenList tokens) => Tokens = tokens;

    public TokenList Tokens { get; }

    public IReadOnlyList<string> Merges => _merges;

    /// <summary>Reads the file.</summary>
    /// <exception cref="ArchGenException">A line is no token with a rank.</exception>
    public static TiktokenVocabulary Read(string file, int? vocabSize)
    {
        var lines = TokenizerFolder.ReadLines(file);
        string[] specials = [EndOfText, "<|im_start|>", "<|im_end|>", .. Enumerable.Range(0, 205).Select(i => $"<|extra_{i}|>")];
        TiktokenVocabulary vocabulary = new(new TokenList(vocabSize ?? lines.Length + specials.Length, file));
        Dictionary<string, int> ranks = [];
        for (var i = 0; i < lines.Length; i++)
        {
            var parts = lines[i].Split(' ');
            if (parts.Length != 2 || RankedMerges.Decode(parts[0]) is not { } text
                || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var rank) || rank != i || !ranks.TryAdd(text, rank))
            {
                throw new ModelFileException($"{file}: line {i + 1} is {MessageText.Quote(lines[i])}, expected {RankedMerges.Expected} that no other line has, "
                    + $"and the rank {i}. Download the file again.");
            }

            vocabulary.Tokens.Set(rank, text, 0, TokenType.Normal);
        }

        foreach (var (text, rank) in ranks.OrderBy(token => token.Value))
        {
            if (RankedMerges.Of(text, ranks, rank) is { } merge) vocabulary._merges.Add(merge);
        }

        for (var i = 0; i < specials.Length; i++) vocabulary.Tokens.Set(lines.Length + i, specials[i], 0, TokenType.Control);
        return vocabulary;
    }

    /// <summary>Writes the special tokens: the end of a text has the part of all three.</summary>
    public void WriteFurther(GgufMetadata metadata)
    {
        var end = GgufValue.From((uint)(Tokens.Find(EndOfText) ?? 0));
        foreach (var name in new[] { "bos", "eos", "unknown" }) metadata[$"tokenizer.ggml.{name}_token_id"] = end;
    }
}

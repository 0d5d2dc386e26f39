using System.Globalization;
using System.Text;
using ArchGen.Gguf;
using ArchGen.Tokenizers.HuggingFace;

namespace ArchGen.Tokenizers;

/// <summary>
/// WordPiece: words between white space, punctuation and ideographs, each split from left to right into the longest tokens of the vocabulary; another word is
/// unknown (Devlin et al. 2018, "BERT"). GGUF marks the beginning of a word with U+2581, where the published vocabulary marks what continues one.
/// </summary>
internal sealed class WordPieceTokenizer : GgufTokenizer
{
    private const int LongestWord = 100;

    private readonly bool _lowercases;
    private readonly bool _stripsAccents;
    private readonly bool _isPublished;
    private readonly Lazy<SymbolTrie> _trie;

    public WordPieceTokenizer(GgufMetadata metadata)
        : base(metadata,
            new Vocabulary(metadata,
            [
                (SpecialToken.Padding, 0), (SpecialToken.Unknown, 100), (SpecialToken.Bos, 101), (SpecialToken.Separator, 102), (SpecialToken.Mask, 103),
            ]),
            new TokenizerFlags(CleanSpaces: true).With(metadata) with { AddBos = true, AddEos = true })
    {
        _lowercases = metadata.GetBoolOrNull("tokenizer.ggml.normalizer.lowercase") ?? true;
        _stripsAccents = metadata.GetBoolOrNull("tokenizer.ggml.normalizer.strip_accents") ?? _lowercases;

        // The reference results for this name are llama.cpp's (docs/differences.md).
        _isPublished = metadata.GetStringOrNull("tokenizer.ggml.pre") != "bert-bge";
        _trie = new(() =>
        {
            SymbolTrie trie = new();
            for (var id = 0; id < Vocabulary.Count; id++) trie.Add<byte>(Encoding.UTF8.GetBytes(Vocabulary.Text(id)), id);
            return trie;
        });
    }

    private protected override SpecialToken EndMarker => SpecialToken.Separator;

    private protected override void EncodeText(ReadOnlySpan<char> text, bool afterSpecial, List<int> tokens)
    {
        if (_isPublished) text = Normalizers.Bert(text.ToString(), cleans: true, spaces: true, _stripsAccents, _lowercases);
        var (stripsAccents, lowercases) = (_stripsAccents && !_isPublished, _lowercases && !_isPublished);
        Word word = new(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var normal = stripsAccents ? new Rune(CanonicalBase.Of(rune.Value)) : rune;
            var category = CharUnicodeInfo.GetUnicodeCategory(normal.Value);
            if (Rune.IsWhiteSpace(normal))
            {
                EndWord(word, tokens);
                continue;
            }

            if (normal.Value is 0 or 0xFFFD || IsControl(category) || (stripsAccents && IsMark(category))) continue;

            var standsAlone = StandsAlone(normal, category);
            if (standsAlone) EndWord(word, tokens);
            word.Append(lowercases ? Lowercase(normal) : normal);
            if (standsAlone) EndWord(word, tokens);
        }

        EndWord(word, tokens);
    }

    private protected override byte[] TextOf(string token) => SpaceEscape.Unescape(token);

    private void EndWord(Word word, List<int> tokens)
    {
        if (word.IsEmpty) return;
        var bytes = word.Bytes;
        var before = tokens.Count;
        for (var start = 0; start < bytes.Length;)
        {
            var length = 0;
            var id = _isPublished && word.Characters > LongestWord ? -1 : _trie.Value.Longest(bytes[start..], out length);
            if (id < 0)
            {
                tokens.RemoveRange(before, tokens.Count - before);
                if (Vocabulary[SpecialToken.Unknown] is { } unknown) tokens.Add(unknown);
                break;
            }

            tokens.Add(id);
            start += length;
        }

        word.Clear();
    }

    private static bool StandsAlone(Rune rune, UnicodeCategory category) =>
        IsPunctuation(category) || (rune.IsAscii && IsSymbol(category)) || IsIdeograph(rune.Value);

    private static bool IsPunctuation(UnicodeCategory category) => category is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;

    private static bool IsSymbol(UnicodeCategory category) => category is >= UnicodeCategory.MathSymbol and <= UnicodeCategory.OtherSymbol;

    private static bool IsMark(UnicodeCategory category) => category is >= UnicodeCategory.NonSpacingMark and <= UnicodeCategory.EnclosingMark;

    private static bool IsControl(UnicodeCategory category) => category is >= UnicodeCategory.Control and <= UnicodeCategory.PrivateUse;

    /// <summary>The blocks that BERT's own tokenizer takes for Chinese; its Rust version begins Extension E at U+2B920.</summary>
    internal static bool IsIdeograph(int value) => value
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    // .NET leaves the capital I with a dot alone, as its lower case depends on the language; Unicode's simple mapping is i.
    private static Rune Lowercase(Rune rune) => rune.Value == 0x130 ? new Rune('i') : Rune.ToLowerInvariant(rune);

    /// <summary>The UTF-8 of one word, after the mark of its beginning.</summary>
    private sealed class Word(int capacity)
    {
        private static readonly byte[] Mark = [0xE2, 0x96, 0x81];

        private byte[] _bytes = [.. Mark, .. new byte[Math.Min(capacity, 64) * 4]];
        private int _length = Mark.Length;

        public int Characters { get; private set; }

        public bool IsEmpty => _length == Mark.Length;

        public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

        public void Append(Rune rune)
        {
            if (_length + 4 > _bytes.Length) Array.Resize(ref _bytes, _bytes.Length * 2);
            _length += rune.EncodeToUtf8(_bytes.AsSpan(_length));
            Characters++;
        }

        public void Clear() => (_length, Characters) = (Mark.Length, 0);
    }
}

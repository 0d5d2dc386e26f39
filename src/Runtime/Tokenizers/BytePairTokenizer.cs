using System.Text;
using ArchGen.Gguf;
using ArchGen.Tokenizers.PreTokenization;
using ArchGen.Tokenizers.Unicode;

namespace ArchGen.Tokenizers;

/// <summary>
/// Byte-pair encoding by a list of merges: a pre-tokenizer cuts the text into words, and in each the pair that comes first in the list is merged first
/// (Radford et al. 2019). The smallest symbols are bytes; a few vocabularies start from characters and fall back to bytes instead.
/// </summary>
internal sealed class BytePairTokenizer : GgufTokenizer
{
    private readonly PreTokenizer _preTokenizer;
    private readonly ByteStringTable _symbols;
    private readonly PairTable _merges;
    private readonly int[] _byteSymbols;
    private readonly bool _isPublished;

    public BytePairTokenizer(GgufMetadata metadata, string? preTokenizer)
        : this(metadata, PreTokenizer.Find(preTokenizer ?? PreTokenizer.Default, metadata.Source))
    {
        if (preTokenizer is null)
        {
            Warnings =
            [
                $"{metadata.Source}: tokenizer.ggml.pre is missing, so how the text is to be split is not known; \"{PreTokenizer.Default}\" is used and "
                + "answers may be worse than they should be. Convert the model again.",
            ];
        }
    }

    private BytePairTokenizer(GgufMetadata metadata, PreTokenizer preTokenizer)
        : base(metadata,
            new Vocabulary(metadata, metadata.GetString("tokenizer.ggml.model") == "gpt2" ? [(SpecialToken.Bos, 11), (SpecialToken.Eos, 11)] : []),
            preTokenizer.FlagsAfter(metadata))
    {
        _preTokenizer = preTokenizer;
        _isPublished = !HasVocabularyOfGpt2(Vocabulary);
        _symbols = new(Vocabulary.Count);
        var symbol = new byte[256];
        for (var id = 0; id < Vocabulary.Count; id++)
        {
            var text = Vocabulary.Text(id);
            if (symbol.Length < text.Length * 3) symbol = new byte[text.Length * 3];
            if (TryRead(text, symbol, out var length)) _symbols.Set(symbol.AsSpan(0, length), id);
        }

        _merges = ReadMerges(metadata);
        _byteSymbols = new int[256];
        var byteTokens = ByteTokens.In(Vocabulary);
        for (var b = 0; b < 256; b++) _byteSymbols[b] = preTokenizer.OverBytes ? _symbols.Find([(byte)b]) : byteTokens[b];
    }

    private protected override void EncodeText(ReadOnlySpan<char> text, bool afterSpecial, List<int> tokens)
    {
        if (_isPublished && _preTokenizer.Composes && !Ascii.IsValid(text)) text = UnicodeNormalizer.Compose(text.ToString(), compatible: false);
        var bytes = SpaceEscape.Encode(text, prefixSpace: false, escape: _preTokenizer.EscapesSpaces);
        SymbolMerger<RankRule> merger = new(new(_merges));
        RepeatedWords repeated = new(bytes, tokens);
        var start = 0;
        foreach (var end in _preTokenizer.Split(bytes, _isPublished))
        {
            if (!repeated.TryTake(start, end - start))
            {
                EncodeWord(bytes.AsSpan(start..end), merger, tokens);
                repeated.Keep();
            }

            start = end;
        }
    }

    private protected override byte[] TextOf(string token) => _preTokenizer switch
    {
        { EscapesSpaces: true } => SpaceEscape.Unescape(token),
        { OverBytes: true } => ByteAlphabet.DecodeLenient(token),
        _ => Encoding.UTF8.GetBytes(token),
    };

    // The family of the name has its own vocabulary and published tokenizer. For GPT-2's, which normalizes nothing, the name decides.
    private static bool HasVocabularyOfGpt2(Vocabulary vocabulary) => vocabulary.Count == 50257 && vocabulary.Text(50256) == "<|endoftext|>";

    private void EncodeWord(ReadOnlySpan<byte> word, SymbolMerger<RankRule> merger, List<int> tokens)
    {
        if (_preTokenizer.TakesWholeWord(word) && _symbols.Find(word) is >= 0 and var whole && whole < Vocabulary.Count)
        {
            tokens.Add(whole);
            return;
        }

        merger.Clear();
        for (var start = 0; start < word.Length;)
        {
            var length = 1;
            if (!_preTokenizer.OverBytes) Rune.DecodeFromUtf8(word[start..], out _, out length);
            merger.Add(start, length, _preTokenizer.OverBytes ? _byteSymbols[word[start]] : _symbols.Find(word.Slice(start, length)));
            start += length;
        }

        merger.Merge(word);
        for (var i = 0; i >= 0; i = merger.Symbols[i].Next)
        {
            var symbol = merger.Symbols[i];
            if (symbol.Id >= 0 && symbol.Id < Vocabulary.Count) tokens.Add(symbol.Id);
            else AddBytes(word.Slice(symbol.Start, symbol.Length), tokens);
        }
    }

    private void AddBytes(ReadOnlySpan<byte> bytes, List<int> tokens)
    {
        foreach (var value in bytes)
        {
            if (_byteSymbols[value] is >= 0 and var id && id < Vocabulary.Count) tokens.Add(id);
        }
    }

    private PairTable ReadMerges(GgufMetadata metadata)
    {
        const string key = "tokenizer.ggml.merges";
        var lines = metadata.GetStrings(key);
        PairTable merges = new(lines.Length);
        var next = Vocabulary.Count;
        var symbol = new byte[256];
        for (var rank = 0; rank < lines.Length; rank++)
        {
            // The left part may begin with a space, so the separator is looked for from the second character on.
            var line = lines[rank].AsSpan();
            var space = line.Length < 2 ? -1 : line[1..].IndexOf(' ') + 1;
            if (space <= 0)
            {
                throw new ModelFileException(
                    $"{metadata.Source}: merge {rank} of {key} is \"{line}\"; two symbols with a space between were expected. Convert the model again.");
            }

            // A symbol outside the byte alphabet cannot come up in a text.
            if (symbol.Length < line.Length * 3) symbol = new byte[line.Length * 3];
            if (!TryRead(line[..space], symbol, out var left) || !TryRead(line[(space + 1)..], symbol.AsSpan(left), out var right)) continue;
            var pair = (Number(symbol.AsSpan(0, left), ref next), Number(symbol.AsSpan(left, right), ref next));
            merges.TryAdd(pair, (rank, Number(symbol.AsSpan(0, left + right), ref next)));
        }

        return merges;
    }

    /// <summary>The number of a symbol; one that is not a token gets a number beyond the vocabulary.</summary>
    private int Number(ReadOnlySpan<byte> symbol, ref int next)
    {
        var id = _symbols.Find(symbol);
        if (id < 0) _symbols.Set(symbol, id = next++);
        return id;
    }

    private bool TryRead(ReadOnlySpan<char> symbol, Span<byte> bytes, out int length) => _preTokenizer.OverBytes
        ? ByteAlphabet.TryDecode(symbol, bytes, out length)
        : Encoding.UTF8.TryGetBytes(symbol, bytes, out length);

    private readonly struct RankRule(PairTable merges) : IMergeRule
    {
        public bool TryMerge(ReadOnlySpan<byte> word, in Symbol left, in Symbol right, out int rank, out int id) =>
            merges.TryGet((left.Id, right.Id), out rank, out id);
    }
}

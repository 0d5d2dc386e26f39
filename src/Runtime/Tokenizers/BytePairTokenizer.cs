using System.Text;
using ArchGen.Gguf;

namespace ArchGen.Tokenizers;

/// <summary>
/// Byte-pair encoding by a list of merges: a pre-tokenizer cuts the text into words, and in each the pair that stands first in the list is merged first
/// (Radford et al. 2019). The smallest symbols are bytes; a few vocabularies start from characters and fall back to bytes instead.
/// </summary>
internal sealed class BytePairTokenizer : Tokenizer
{
    private readonly PreTokenizer _preTokenizer;
    private readonly ByteStringTable _symbols;
    private readonly Dictionary<ulong, (int Rank, int Id)> _merges;
    private readonly int[] _byteSymbols;

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
        _symbols = new(Vocabulary.Count);
        for (var id = 0; id < Vocabulary.Count; id++)
        {
            if (TryRead(Vocabulary.Text(id), out var symbol)) _symbols.Set(symbol, id);
        }

        _merges = ReadMerges(metadata);
        _byteSymbols = new int[256];
        var byteTokens = ByteTokens.In(Vocabulary);
        for (var b = 0; b < 256; b++) _byteSymbols[b] = preTokenizer.OverBytes ? _symbols.Find([(byte)b]) : byteTokens[b];
    }

    private protected override void EncodeText(ReadOnlySpan<char> text, bool afterSpecial, List<int> tokens)
    {
        var bytes = _preTokenizer.EscapesSpaces ? SpaceEscape.Escape(text, prefixSpace: false) : Encoding.UTF8.GetBytes(text.ToArray());
        SymbolMerger<RankRule> merger = new(new(_merges));
        foreach (var range in _preTokenizer.Split(bytes))
        {
            var word = bytes.AsSpan(range);
            if (_preTokenizer.TakesWholeWord(word) && _symbols.Find(word) is >= 0 and var whole && whole < Vocabulary.Count) tokens.Add(whole);
            else EncodeWord(word, merger, tokens);
        }
    }

    private protected override byte[] TextOf(string token) => _preTokenizer switch
    {
        { EscapesSpaces: true } => SpaceEscape.Unescape(token),
        { OverBytes: true } => ByteAlphabet.DecodeLenient(token),
        _ => Encoding.UTF8.GetBytes(token),
    };

    private void EncodeWord(ReadOnlySpan<byte> word, SymbolMerger<RankRule> merger, List<int> tokens)
    {
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

    private Dictionary<ulong, (int Rank, int Id)> ReadMerges(GgufMetadata metadata)
    {
        const string key = "tokenizer.ggml.merges";
        var lines = metadata.GetStrings(key);
        Dictionary<ulong, (int, int)> merges = new(lines.Length);
        var next = Vocabulary.Count;
        for (var rank = 0; rank < lines.Length; rank++)
        {
            // The left part may begin with a space, so the separator is looked for from the second character on.
            var line = lines[rank];
            var space = line.Length < 2 ? -1 : line.IndexOf(' ', 1);
            if (space < 0)
            {
                throw new ArchGenException(
                    $"{metadata.Source}: merge {rank} of {key} is \"{line}\"; two symbols with a space between were expected. Convert the model again.");
            }

            // A symbol outside the byte alphabet cannot come up in a text.
            if (!TryRead(line[..space], out var left) || !TryRead(line[(space + 1)..], out var right)) continue;
            merges.TryAdd(Pair(Number(left, ref next), Number(right, ref next)), (rank, Number([.. left, .. right], ref next)));
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

    private bool TryRead(string symbol, out byte[] bytes)
    {
        if (!_preTokenizer.OverBytes)
        {
            bytes = Encoding.UTF8.GetBytes(symbol);
            return true;
        }

        List<byte> decoded = new(symbol.Length);
        var isWritten = ByteAlphabet.TryDecode(symbol, decoded);
        bytes = [.. decoded];
        return isWritten;
    }

    private static ulong Pair(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    private readonly struct RankRule(Dictionary<ulong, (int Rank, int Id)> merges) : IMergeRule
    {
        public bool TryMerge(ReadOnlySpan<byte> word, in Symbol left, in Symbol right, out int rank, out int id)
        {
            (rank, id) = (0, 0);
            if (left.Id < 0 || right.Id < 0 || !merges.TryGetValue(Pair(left.Id, right.Id), out var merge)) return false;
            (rank, id) = merge;
            return true;
        }
    }
}

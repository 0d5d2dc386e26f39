using System.Text;
using System.Text.Json;

namespace ArchGen.Tokenizers.HuggingFace.Models;

/// <summary>
/// Byte-pair encoding over characters: of all pairs of neighbours, the one that comes first in the list of merges is merged first (Sennrich et al. 2016).
/// </summary>
internal sealed class BytePairModel : TokenModel
{
    private readonly PairTable _merges;
    private readonly string? _unknown;
    private readonly string _prefix;
    private readonly string _suffix;
    private readonly bool _fusesUnknown;
    private readonly bool _takesWholeWords;
    private readonly int[]? _byteTokens;
    private readonly Lazy<NeighbourSet>? _neighbours; // null where a merge may depend on more than the characters
    private readonly int[] _characters = new int[0x800]; // the token of each character of one or two bytes; -1 where there is none

    public BytePairModel(JsonSection section)
        : base(section, ReadIds(section["vocab"]))
    {
        _unknown = section["unk_token"].TextOrNull();
        _prefix = section["continuing_subword_prefix"].TextOrNull() ?? "";
        _suffix = section["end_of_word_suffix"].TextOrNull() ?? "";
        _fusesUnknown = section["fuse_unk"].Flag(missing: false);
        _takesWholeWords = section["ignore_merges"].Flag(missing: false);
        if (section["byte_fallback"].Flag(missing: false))
        {
            _byteTokens = [.. Enumerable.Range(0, 256).Select(value => Ids.GetValueOrDefault($"<0x{value:X2}>", -1))];
        }

        if (!section["dropout"].IsMissing && section["dropout"].Real() != 0)
        {
            throw section["dropout"].Wrong("none, as dropout makes tokens a matter of chance,");
        }

        for (var c = 0; c < _characters.Length; c++) _characters[c] = Ids.GetValueOrDefault(((char)c).ToString(), -1);
        _merges = ReadMerges(section["merges"], out var mergesBytes);
        if (_prefix.Length + _suffix.Length == 0 && !mergesBytes) _neighbours = new(FindNeighbours);
    }

    public override TokenModel ForText() => new Session(this);

    public override void Encode(ReadOnlySpan<char> piece, List<int> tokens) => ForText().Encode(piece, tokens);

    private NeighbourSet FindNeighbours()
    {
        NeighbourSet neighbours = new();
        foreach (var token in Ids.Keys) neighbours.Add(token);
        return neighbours;
    }

    /// <param name="mergesBytes">Whether a byte token is merged with another.</param>
    private PairTable ReadMerges(JsonSection section, out bool mergesBytes)
    {
        mergesBytes = false;
        if (section.Value.ValueKind != JsonValueKind.Array) throw section.Wrong("an array");
        var count = section.Value.GetArrayLength();
        var merges = new (int Left, int Right, int Joined)[count];
        var lookup = Ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var buffer = new char[256];
        var rank = 0;
        foreach (var item in section.Items())
        {
            string left, right;
            if (item.Value.ValueKind == JsonValueKind.Array)
            {
                if (item.Value.GetArrayLength() != 2) throw item.Wrong("two tokens");
                (left, right) = (new JsonSection(item.Value[0], item.Place).Text(), new JsonSection(item.Value[1], item.Place).Text());
            }
            else
            {
                var line = item.Text();
                if (line.StartsWith("#version", StringComparison.Ordinal)) continue;
                var space = line.IndexOf(' ');
                if (space < 0 || line.IndexOf(' ', space + 1) >= 0) throw item.Wrong("two tokens with a space between");
                (left, right) = (line[..space], line[(space + 1)..]);
            }

            if (right.Length < _prefix.Length) throw item.Wrong("a second token that begins with continuing_subword_prefix");
            var length = left.Length + right.Length - _prefix.Length;
            if (buffer.Length < length) buffer = new char[length * 2];
            left.CopyTo(buffer);
            right.AsSpan(_prefix.Length).CopyTo(buffer.AsSpan(left.Length));
            if (!Ids.TryGetValue(left, out var a) || !Ids.TryGetValue(right, out var b) || !lookup.TryGetValue(buffer.AsSpan(0, length), out var joined))
            {
                throw item.Wrong("two tokens of the vocabulary that join to a third");
            }

            merges[rank++] = (a, b, joined);
            mergesBytes |= _byteTokens is not null && (_byteTokens.Contains(a) || _byteTokens.Contains(b));
        }

        // Of equal pairs the last one counts.
        PairTable table = new(rank);
        while (--rank >= 0) table.TryAdd((merges[rank].Left, merges[rank].Right), (rank, merges[rank].Joined));
        return table;
    }

    private int Find(ReadOnlySpan<char> character, bool isFirst, bool isLast)
    {
        var prefix = isFirst ? "" : _prefix;
        var suffix = isLast ? _suffix : "";
        if (prefix.Length + suffix.Length > 0) return Ids.GetValueOrDefault(string.Concat(prefix, character, suffix), -1);
        if (character[0] < _characters.Length) return _characters[character[0]];
        return Ids.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(character, out var id) ? id : -1;
    }

    /// <summary>Encodes the words of one text, with a cache of repeated words.</summary>
    private sealed class Session(BytePairModel model) : TokenModel(model.Section, model.Ids)
    {
        private const int LongestWord = 64;
        private const int MaxWords = 1 << 16;

        private readonly SymbolMerger<RankRule> _merger = new(new(model._merges));
        private readonly Dictionary<string, int[]> _words = new(StringComparer.Ordinal);

        public override void Encode(ReadOnlySpan<char> piece, List<int> tokens)
        {
            if (model._takesWholeWords && Ids.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(piece, out var whole))
            {
                tokens.Add(whole);
                return;
            }

            if (piece.Length > LongestWord && model._neighbours is { } neighbours)
            {
                var start = 0;
                for (var at = NextCut(piece, 0, neighbours.Value); at < piece.Length; at = NextCut(piece, at, neighbours.Value))
                {
                    EncodeKnown(piece[start..at], tokens);
                    start = at;
                }

                piece = piece[start..];
            }

            EncodeKnown(piece, tokens);
        }

        /// <summary>The next boundary of two characters that are tokens, and are neighbours in no token; otherwise the end.</summary>
        private int NextCut(ReadOnlySpan<char> piece, int at, NeighbourSet neighbours)
        {
            var (before, id) = (-1, -1);
            while (at < piece.Length)
            {
                Rune.DecodeFromUtf16(piece[at..], out var rune, out var length);
                var next = model.Find(piece.Slice(at, length), isFirst: true, isLast: true);
                if (id >= 0 && next >= 0 && !neighbours.MayHold(before, rune.Value)) break;
                (before, id) = (rune.Value, next);
                at += length;
            }

            return at;
        }

        private void EncodeKnown(ReadOnlySpan<char> piece, List<int> tokens)
        {
            var words = _words.GetAlternateLookup<ReadOnlySpan<char>>();
            if (words.TryGetValue(piece, out var known))
            {
                tokens.AddRange(known);
                return;
            }

            var first = tokens.Count;
            EncodeWord(piece, tokens);
            if (piece.Length > LongestWord || _words.Count >= MaxWords) return;
            _words[piece.ToString()] = [.. System.Runtime.InteropServices.CollectionsMarshal.AsSpan(tokens)[first..]];
        }

        private void EncodeWord(ReadOnlySpan<char> word, List<int> tokens)
        {
            _merger.Clear();
            var unknown = -1;
            for (int start = 0, length; start < word.Length; start += length)
            {
                length = char.IsHighSurrogate(word[start]) && start + 1 < word.Length ? 2 : 1;
                var character = word.Slice(start, length);
                var id = model.Find(character, start == 0, start + length == word.Length);
                if (id >= 0)
                {
                    if (unknown >= 0) Add(unknown);
                    unknown = -1;
                    Add(id);
                }
                else if (model._byteTokens is { } bytes && TryAddBytes(character, start == 0, start + length == word.Length, bytes))
                {
                    continue;
                }
                else if (model._unknown is { } token)
                {
                    if (unknown >= 0 && !model._fusesUnknown) Add(unknown);
                    unknown = UnknownId(token);
                }
            }

            if (unknown >= 0) Add(unknown);
            if (_merger.Count == 0) return;
            _merger.Merge([]);
            for (var i = 0; i >= 0; i = _merger.Symbols[i].Next) tokens.Add(_merger.Symbols[i].Id);
        }

        private bool TryAddBytes(ReadOnlySpan<char> character, bool isFirst, bool isLast, int[] byteTokens)
        {
            Span<byte> buffer = stackalloc byte[4];
            var bytes = model._prefix.Length + model._suffix.Length == 0
                ? buffer[..Encoding.UTF8.GetBytes(character, buffer)]
                : Encoding.UTF8.GetBytes(string.Concat(isFirst ? "" : model._prefix, character, isLast ? model._suffix : ""));
            foreach (var value in bytes)
            {
                if (byteTokens[value] < 0) return false;
            }

            foreach (var value in bytes) Add(byteTokens[value]);
            return true;
        }

        // The merger recognizes changed symbols by their lengths; here each counts one.
        private void Add(int id) => _merger.Add(_merger.Count, 1, id);
    }

    private readonly struct RankRule(PairTable merges) : IMergeRule
    {
        public bool TryMerge(ReadOnlySpan<byte> word, in Symbol left, in Symbol right, out int rank, out int id) =>
            merges.TryGet((left.Id, right.Id), out rank, out id);
    }
}

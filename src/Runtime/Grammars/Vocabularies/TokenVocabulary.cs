using System.Runtime.CompilerServices;
using ArchGen.Grammars.Regexes;
using ArchGen.Tokenizers;

namespace ArchGen.Grammars.Vocabularies;

/// <summary>
/// The tokens of a tokenizer by their bytes, divided into slices. It is made once for a tokenizer and shared. Immutable.
/// </summary>
internal sealed class TokenVocabulary
{
    private const int ShortText = 10, LongText = 30; // characters of the tokens of a slice

    private static readonly ConditionalWeakTable<Tokenizer, TokenVocabulary> Known = [];

    private readonly byte[]?[] _bytes;
    private readonly HashSet<int> _ends;
    private readonly List<(int First, int Other)> _duplicates = [];

    /// <param name="bytes">The bytes of each token; null for one that a text cannot contain, such as a control token.</param>
    /// <param name="ends">The tokens that end a text.</param>
    /// <param name="encode">The tokenizer's own tokens of a text, or null if forced tokens are not wanted.</param>
    /// <param name="slices">Whether to divide the tokens; without it, all are walked.</param>
    public TokenVocabulary(byte[]?[] bytes, IEnumerable<int> ends, Func<string, int[]>? encode = null, bool slices = true)
    {
        (_bytes, _ends, Encode) = (bytes, [.. ends], encode);
        Ends = [.. _ends];
        foreach (var end in _ends) _bytes[end] = null;
        List<(byte[] Bytes, int Token)> tokens = [];
        for (var token = 0; token < bytes.Length; token++)
        {
            if (bytes[token] is { Length: > TokenTrie.MaxBytes or 0 }) bytes[token] = null;
            if (bytes[token] is { } text) tokens.Add((text, token));
        }

        tokens.Sort(static (a, b) => a.Bytes.AsSpan().SequenceCompareTo(b.Bytes) is var order and not 0 ? order : a.Token.CompareTo(b.Token));
        List<(byte[] Bytes, int Token)> distinct = [];
        foreach (var token in tokens)
        {
            if (distinct.Count > 0 && token.Bytes.AsSpan().SequenceEqual(distinct[^1].Bytes)) _duplicates.Add((distinct[^1].Token, token.Token));
            else distinct.Add(token);
        }

        LongestToken = tokens.Count == 0 ? 0 : tokens.Max(token => token.Bytes.Length);
        All = TokenTrie.Of(distinct);
        Slices = slices ? Divide(distinct) : [];
        Rest = TokenTrie.Of(distinct);
    }

    /// <summary>The number of tokens; ids are below it.</summary>
    public int Count => _bytes.Length;

    /// <summary>The length of the longest token in bytes.</summary>
    public int LongestToken { get; }

    /// <summary>The tokens that end a text.</summary>
    public int[] Ends { get; }

    /// <summary>All tokens that a text can contain, one for each string of bytes.</summary>
    public TokenTrie All { get; }

    /// <summary>Parts of <see cref="All"/>: those that match an expression.</summary>
    public IReadOnlyList<TokenSlice> Slices { get; }

    /// <summary>The part of <see cref="All"/> that is in no slice.</summary>
    public TokenTrie Rest { get; }

    /// <summary>Pairs of a token of <see cref="All"/> and another with the same bytes.</summary>
    public IReadOnlyList<(int First, int Other)> Duplicates => _duplicates;

    /// <summary>The tokenizer's own tokens of a text, or null.</summary>
    public Func<string, int[]>? Encode { get; }

    /// <summary>The vocabulary of a tokenizer.</summary>
    public static TokenVocabulary Of(Tokenizer tokenizer) => Known.GetValue(tokenizer, static tokenizer =>
    {
        var vocabulary = tokenizer.Vocabulary;
        var bytes = new byte[]?[vocabulary.Count];
        for (var token = 0; token < bytes.Length; token++)
        {
            if (vocabulary.Type(token) is not (TokenType.Normal or TokenType.Byte or TokenType.UserDefined)) continue;
            bytes[token] = tokenizer.Piece(token, special: false).ToArray();
        }

        return new(bytes, vocabulary.EndOfGeneration, EncoderOf(tokenizer));
    });

    /// <summary>The bytes of a token; empty for one that a text cannot contain.</summary>
    public ReadOnlySpan<byte> Bytes(int token) => _bytes[token];

    /// <summary>Whether a token ends the text.</summary>
    public bool IsEnd(int token) => _ends.Contains(token);

    /// <summary>The tokens of a text that follows another. Some tokenizers put a space before a text; after a line they do not.</summary>
    private static Func<string, int[]> EncoderOf(Tokenizer tokenizer)
    {
        const string line = "\n";
        var before = Encode(line);
        var addsSpace = Encode("a") is [var first, ..] && tokenizer.Piece(first, special: false) is [(byte)' ', ..];
        return !addsSpace ? Encode : text => Encode(line + text) is var all && all.AsSpan().StartsWith(before) ? all[before.Length..] : [];

        int[] Encode(string text) => tokenizer.Encode(text, addSpecial: false, parseSpecial: false);
    }

    /// <summary>
    /// Takes out of a list words, alone and after a space, and then what else is inside of a JSON string: most masks allow all of them or nothing. Those of
    /// bounded length are for strings of bounded length.
    /// </summary>
    private List<TokenSlice> Divide(List<(byte[] Bytes, int Token)> tokens)
    {
        RegexBuilder regexes = new();
        var inside = regexes.CodePoints(CodePointRanges.Of((0, 0x1F), ('"', '"'), ('\\', '\\'), (0x7F, 0x7F)).Complement());
        var letter = regexes.CodePoints(CodePointRanges.Of(('A', 'Z'), ('_', '_'), ('a', 'z')));
        var word = regexes.CodePoints(CodePointRanges.Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')));
        var space = regexes.CodePoints(' ', ' ');
        const int texts = 4; // the index of the first that has any text
        return
        [
            Slice(Word(ShortText - 1), texts), Slice(AfterSpace(ShortText - 1), texts, afterSpace: 0),
            Slice(Word(LongText - 1), texts + 1), Slice(AfterSpace(LongText - 1), texts + 1, afterSpace: 2),
            Slice(Text(ShortText), texts + 1), Slice(Text(LongText), texts + 2), Slice(Text(RegexBuilder.Unbounded), -1),
        ];

        SliceAutomaton Word(int longest) => new(regexes, regexes.Concat(letter, regexes.Repeat(word, 0, longest - 1)), word, longest);

        SliceAutomaton AfterSpace(int longest) =>
            new(regexes, regexes.Concat(space, letter, regexes.Repeat(word, 0, longest - 1)), inside, longest + 1);

        SliceAutomaton Text(int longest) => new(regexes, regexes.Repeat(inside, 1, longest), inside, longest);

        TokenSlice Slice(SliceAutomaton automaton, int larger, int afterSpace = -1)
        {
            var part = tokens.FindAll(token => automaton.Matches(token.Bytes));
            tokens.RemoveAll(token => automaton.Matches(token.Bytes));
            var mask = new uint[(Count + 31) / 32];
            foreach (var (_, token) in part) mask[token >> 5] |= 1u << (token & 31);
            return new(automaton, TokenTrie.Of(part), mask, larger, afterSpace);
        }
    }
}

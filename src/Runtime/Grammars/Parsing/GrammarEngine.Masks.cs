using System.Numerics;
using ArchGen.Grammars.Vocabularies;

namespace ArchGen.Grammars.Parsing;

internal sealed partial class GrammarEngine
{
    /// <summary>A mask of at most this many tokens is kept as a list of them.</summary>
    private const int FewTokens = 128;

    /// <summary>How many masks are kept in full.</summary>
    private const int KeptMasks = 512;

    private readonly TokenVocabulary _vocabulary;
    private readonly SliceTest[] _slices;
    private readonly Position[] _stack;
    private readonly Dictionary<(object Place, int Lexer), KeptMask> _masks = [];
    private readonly Queue<(object Place, int Lexer)> _keptMasks = [];

    /// <summary>Writes which tokens may come next; see <see cref="GrammarMatcher.ComputeMask"/>.</summary>
    public void ComputeMask(Position position, Span<uint> mask)
    {
        BeginWork();
        var words = (_vocabulary.Count + 31) / 32;
        mask[words..].Clear();
        mask = mask[..words];
        var key = ((object?)position.State ?? position.Row!, position.Lexer);
        if (_masks.TryGetValue(key, out var known))
        {
            Read(known, mask);
            return;
        }

        mask.Clear();
        if (position.State is { } state) AddTokenSets(state, mask);
        for (var i = 0; i < _slices.Length; i++)
        {
            var slice = _vocabulary.Slices[i];
            if (IsInside(position, i)) Or(slice.Mask, mask);
            else Walk(slice.Trie, position, mask);
        }

        Walk(_vocabulary.Rest, position, mask);
        foreach (var (first, other) in _vocabulary.Duplicates)
        {
            if (IsSet(mask, first)) Set(mask, other);
        }

        if (position.State is { CanEnd: true })
        {
            foreach (var end in _vocabulary.Ends) Set(mask, end);
        }

        Keep(key, mask);
    }

    /// <summary>The position after the bytes of a text; dead if the grammar does not begin so.</summary>
    public Position Step(Position position, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            position = Step(position, Lexer.ClassOf[value]);
            if (position.IsDead) break;
        }

        return position;
    }

    /// <summary>Whether what follows a node of the trie, for some token, may follow a position.</summary>
    /// <param name="nodes">The nodes below that node.</param>
    /// <param name="depthBefore">Their depth.</param>
    public bool AllowsAny(ReadOnlySpan<ulong> nodes, int depthBefore, Position position)
    {
        _stack[0] = position;
        for (var i = 0; i < nodes.Length;)
        {
            var depth = TokenTrie.Depth(nodes[i]) - depthBefore;
            var next = Step(_stack[depth], Lexer.ClassOf[TokenTrie.Byte(nodes[i])]);
            if (next.IsDead)
            {
                i += TokenTrie.Length(nodes[i]);
                continue;
            }

            if (TokenTrie.Token(nodes[i]) >= 0) return true;
            _stack[depth + 1] = next;
            i++;
        }

        return false;
    }

    private void Walk(TokenTrie trie, Position start, Span<uint> mask)
    {
        ReadOnlySpan<ulong> nodes = trie.Nodes;
        var stack = _stack;
        ReadOnlySpan<byte> classOf = Lexer.ClassOf;
        ReadOnlySpan<int> transitions = Lexer.Transitions;
        var classes = Lexer.Classes;
        stack[0] = start;
        for (var i = 0; i < nodes.Length;)
        {
            var node = nodes[i];
            ref var from = ref stack[TokenTrie.Depth(node)];
            var @class = classOf[TokenTrie.Byte(node)];
            var place = ((from.Lexer & ~Lexer.Accepts) * classes) + @class;
            int next;
            if (from.State is null && !from.IsOpen && (next = transitions[place]) >= 0)
            {
                // Inside a lexeme, which is nearly always.
                if (next == Lexer.Dead)
                {
                    i += TokenTrie.Length(node);
                    continue;
                }

                stack[TokenTrie.Depth(node) + 1] = new(from.Row!, next);
            }
            else
            {
                if (from.IsOpen) from = Resolve(from);
                var position = Step(from, @class);
                transitions = Lexer.Transitions;
                if (position.IsDead)
                {
                    i += TokenTrie.Length(node);
                    continue;
                }

                stack[TokenTrie.Depth(node) + 1] = position;
            }

            if (TokenTrie.Token(node) is >= 0 and var token) Set(mask, token);
            i++;
        }
    }

    private bool IsInside(Position position, int slice)
    {
        if (position.State is not { } state) return IsInside(position.Lexer, slice);
        foreach (var thread in state.Threads)
        {
            if (IsInside(thread.Lexer, slice)) return true;
        }

        return false;
    }

    private bool IsInside(int lexer, int slice)
    {
        var state = Lexer.State(lexer);
        state.Slices ??= new sbyte[_slices.Length];
        if (state.Slices[slice] == 0)
        {
            // What is inside a longer slice is inside a shorter one.
            var isInside = (slice + 1 < _slices.Length && IsInside(lexer, slice + 1)) || _slices[slice].IsInside(lexer);
            state.Slices[slice] = (sbyte)(isInside ? 1 : -1);
            CheckWork();
        }

        return state.Slices[slice] > 0;
    }

    private void AddTokenSets(ParserState state, Span<uint> mask)
    {
        foreach (var thread in state.Threads)
        {
            if (!thread.IsAtStart) continue;
            foreach (var set in thread.Row.Shape.TokenSets)
            {
                var tokens = _tables.TokenSets[set];
                if (tokens.IsNegated)
                {
                    for (var token = 0; token < _vocabulary.Count; token++)
                    {
                        if (IsIn(tokens, token)) Set(mask, token);
                    }

                    continue;
                }

                foreach (var token in tokens.Ids)
                {
                    if ((uint)token < (uint)_vocabulary.Count) Set(mask, token);
                }
            }
        }
    }

    private void Keep((object Place, int Lexer) key, ReadOnlySpan<uint> mask)
    {
        var count = 0;
        foreach (var word in mask) count += BitOperations.PopCount(word);
        if (count == 0) throw new RequestException("No token of the vocabulary can continue the text as the grammar wants it, and it may not end here.");
        if (count <= FewTokens)
        {
            var few = new uint[count];
            var at = 0;
            for (var word = 0; word < mask.Length; word++)
            {
                for (var bits = mask[word]; bits != 0; bits &= bits - 1) few[at++] = (uint)((word << 5) | BitOperations.TrailingZeroCount(bits));
            }

            _masks[key] = new(few, IsList: true);
            return;
        }

        KeptMask oldest = default;
        if (_keptMasks.Count >= KeptMasks) _masks.Remove(_keptMasks.Dequeue(), out oldest);
        var words = oldest.Words is { } reused && !oldest.IsList ? reused : new uint[mask.Length];
        mask.CopyTo(words);
        _masks[key] = new(words, IsList: false);
        _keptMasks.Enqueue(key);
    }

    private static void Read(KeptMask kept, Span<uint> mask)
    {
        if (!kept.IsList)
        {
            kept.Words.CopyTo(mask);
            return;
        }

        mask.Clear();
        foreach (var token in kept.Words) Set(mask, (int)token);
    }

    private static void Or(ReadOnlySpan<uint> slice, Span<uint> mask)
    {
        var i = 0;
        for (; i <= mask.Length - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            (new Vector<uint>(slice[i..]) | new Vector<uint>(mask[i..])).CopyTo(mask[i..]);
        }

        for (; i < mask.Length; i++) mask[i] |= slice[i];
    }

    private static void Set(Span<uint> mask, int token) => mask[token >> 5] |= 1u << (token & 31);

    private static bool IsSet(ReadOnlySpan<uint> mask, int token) => (mask[token >> 5] >> (token & 31) & 1) != 0;

    /// <summary>A mask: its words, or the tokens of one that allows few.</summary>
    private readonly record struct KeptMask(uint[] Words, bool IsList);
}

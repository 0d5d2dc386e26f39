using System.Runtime.CompilerServices;
using ArchGen.Grammars.Vocabularies;

namespace ArchGen.Grammars.Parsing;

internal sealed partial class GrammarEngine
{
    private readonly TokenVocabulary _vocabulary;
    private readonly SliceTest[] _slices;

    // For each depth of a walk, the position: a state with -1, or a row with the lexer's state.
    private readonly object[] _places;
    private readonly int[] _lexers;

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

        if (position.State is null && Lexer.State(position.Lexer) is { IsLarge: true } inside) MaskInside(position, inside, mask);
        else MaskAll(position, mask);
        foreach (var (first, other) in _vocabulary.Duplicates)
        {
            if (IsSet(mask, first)) Set(mask, other);
        }

        if (position.State is { } state)
        {
            AddTokenSets(state, mask);
            if (state.CanEnd) AddEnds(mask);
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
        Put(0, position);
        for (var i = 0; i < nodes.Length;)
        {
            var depth = TokenTrie.Depth(nodes[i]) - depthBefore;
            var next = Step(At(depth), Lexer.ClassOf[TokenTrie.Byte(nodes[i])]);
            if (next.IsDead)
            {
                i += TokenTrie.Length(nodes[i]);
                continue;
            }

            if (TokenTrie.Token(nodes[i]) >= 0) return true;
            Put(depth + 1, next);
            i++;
        }

        return false;
    }

    private void MaskAll(Position position, Span<uint> mask)
    {
        mask.Clear();
        for (var i = 0; i < _slices.Length; i++)
        {
            var slice = _vocabulary.Slices[i];
            if (slice.Trie.Nodes.Length == 0) continue;
            if (IsInside(position, i)) Or(slice.Mask, mask);
            else Walk(slice.Trie.Nodes, 0, position, mask);
        }

        Walk(_vocabulary.Rest.Nodes, 0, position, mask);
    }

    /// <summary>Sets the tokens of a trie that may follow a position.</summary>
    /// <param name="nodes">The trie, or all below one of its nodes.</param>
    /// <param name="depthBefore">The depth of the first.</param>
    private void Walk(ReadOnlySpan<ulong> nodes, int depthBefore, Position start, Span<uint> mask)
    {
        ReadOnlySpan<byte> classOf = Lexer.ClassOf;
        ReadOnlySpan<int> transitions = Lexer.Transitions;
        var (lexers, places, classes) = (_lexers, _places, Lexer.Classes);
        Put(0, start);
        for (var i = 0; i < nodes.Length;)
        {
            var node = nodes[i];
            var depth = TokenTrie.Depth(node) - depthBefore;
            var @class = classOf[TokenTrie.Byte(node)];
            var lexer = lexers[depth];

            // Inside a lexeme, which is nearly always, the row stays the same, and only the lexer moves.
            if ((uint)lexer < Lexer.Accepts && transitions[(lexer * classes) + @class] is >= 0 and var next)
            {
                if (next == Lexer.Dead)
                {
                    i += TokenTrie.Length(node);
                    continue;
                }

                lexers[depth + 1] = next;
                if (!ReferenceEquals(places[depth + 1], places[depth])) places[depth + 1] = places[depth];
            }
            else
            {
                var from = At(depth);
                if (from.IsOpen) Put(depth, from = Resolve(from));
                var position = from.State?.Next?[@class] is { } follower ? new(follower) : Step(from, @class);
                transitions = Lexer.Transitions;
                if (position.IsDead)
                {
                    i += TokenTrie.Length(node);
                    continue;
                }

                Put(depth + 1, position);
            }

            if (TokenTrie.Token(node) is >= 0 and var token) Set(mask, token);
            i++;
        }
    }

    private void Put(int depth, Position position)
    {
        _lexers[depth] = position.Lexer;
        var place = position.State ?? (object)position.Row!;
        if (!ReferenceEquals(_places[depth], place)) _places[depth] = place;
    }

    private Position At(int depth) => _lexers[depth] < 0
        ? Position.Of(Unsafe.As<ParserState>(_places[depth]))
        : new(Unsafe.As<Row>(_places[depth]), _lexers[depth]);

    private bool IsInside(Position position, int slice)
    {
        if (position.State is not { } state)
        {
            if (IsInside(position.Lexer, slice)) return true;
        }
        else
        {
            foreach (var thread in state.Threads)
            {
                if (IsInside(thread.Lexer, slice)) return true;
            }
        }

        // A space that is ignored between two lexemes.
        if (_vocabulary.Slices[slice].AfterSpace is not (>= 0 and var rest)) return false;
        var next = Resolve(Step(position, Lexer.ClassOf[' ']));
        return !next.IsDead && IsInside(next, rest);
    }

    private bool IsInside(int lexer, int slice)
    {
        var state = Lexer.State(lexer);
        state.Slices ??= new sbyte[_slices.Length];
        if (state.Slices[slice] == 0)
        {
            var (larger, afterSpace) = (_vocabulary.Slices[slice].Larger, _vocabulary.Slices[slice].AfterSpace);
            var isInside = (larger >= 0 && IsInside(lexer, larger)) || (afterSpace < 0 && _slices[slice].IsInside(lexer));
            state.Slices[slice] = (sbyte)(isInside ? 1 : -1);
            CheckWork();
        }

        return state.Slices[slice] > 0;
    }

    private void AddEnds(Span<uint> mask)
    {
        foreach (var end in _vocabulary.Ends) Set(mask, end);
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
}

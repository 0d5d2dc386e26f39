using ArchGen.Grammars.Vocabularies;

namespace ArchGen.Grammars.Parsing;

internal sealed partial class GrammarEngine
{
    /// <summary>The number of lexer states that keep the part of a mask that does not depend on the row.</summary>
    private const int KeptInsides = 256;

    private readonly Queue<LexerState> _insides = [];

    /// <summary>
    /// A mask inside a lexeme, of which the greater part does not depend on the row: tokens that do not reach the lexeme's end. The others are walked.
    /// </summary>
    private void MaskInside(Position position, LexerState state, Span<uint> mask)
    {
        var inside = state.Inside ?? MakeInside(position.Lexer, state);
        inside.Mask.CopyTo(mask);
        foreach (var (trie, node, lexer) in inside.Ends)
        {
            var nodes = trie.Nodes.AsSpan(node, TokenTrie.Length(trie.Nodes[node]));
            Walk(nodes[1..], TokenTrie.Depth(nodes[0]) + 1, new(position.Row!, lexer), mask);
        }
    }

    private LexerInside MakeInside(int lexer, LexerState state)
    {
        LexerInside inside = new(new uint[(_vocabulary.Count + 31) / 32], []);
        for (var i = 0; i < _slices.Length; i++)
        {
            var slice = _vocabulary.Slices[i];
            if (slice.Trie.Nodes.Length == 0) continue;
            if (IsInside(lexer, i)) Or(slice.Mask, inside.Mask);
            else WalkInside(slice.Trie, lexer, inside);
        }

        WalkInside(_vocabulary.Rest, lexer, inside);
        if (_insides.Count >= KeptInsides) _insides.Dequeue().Inside = null;
        _insides.Enqueue(state);
        state.Inside = inside;
        return inside;
    }

    /// <summary>Sets the tokens that stay inside the lexemes, and notes the nodes at which one of these may end and tokens go on.</summary>
    private void WalkInside(TokenTrie trie, int start, LexerInside inside)
    {
        var nodes = trie.Nodes;
        _lexers[0] = start;
        for (var i = 0; i < nodes.Length;)
        {
            var node = nodes[i];
            var depth = TokenTrie.Depth(node);
            var next = Lexer.Step(_lexers[depth], Lexer.ClassOf[TokenTrie.Byte(node)]);
            if (next != Lexer.Dead && TokenTrie.Token(node) is >= 0 and var token) Set(inside.Mask, token);
            var isEnd = (next & Lexer.Accepts) != 0;
            if (isEnd && TokenTrie.Length(node) > 1) inside.Ends.Add((trie, i, next));
            if (isEnd || next == Lexer.Dead)
            {
                i += TokenTrie.Length(node);
                continue;
            }

            _lexers[depth + 1] = next;
            i++;
        }

        CheckWork();
    }
}

/// <summary>The part of a mask that depends on the lexer's state and not on the row.</summary>
/// <param name="Mask">The tokens that stay inside a lexeme, up to its end at most.</param>
/// <param name="Ends">Nodes at which a lexeme may end and tokens go on, with the lexer's state there.</param>
internal sealed record LexerInside(uint[] Mask, List<(TokenTrie Trie, int Node, int Lexer)> Ends);

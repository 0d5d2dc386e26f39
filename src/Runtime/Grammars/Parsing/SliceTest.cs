using ArchGen.Grammars.Vocabularies;

namespace ArchGen.Grammars.Parsing;

/// <summary>Whether all that a slice's expression matches may follow in a state of the lexer: both automata are walked together.</summary>
internal sealed class SliceTest
{
    private const int MaxPairs = 1000;
    private const int MaxLetters = 40;

    private readonly SliceAutomaton _automaton;
    private readonly Lexer _lexer;
    private readonly List<(int Slice, int Lexer)> _classes = [];
    private readonly HashSet<(int Slice, int Lexer)> _known = [];
    private readonly Stack<(int Slice, int Lexer)> _open = [];

    public SliceTest(SliceAutomaton automaton, Lexer lexer)
    {
        (_automaton, _lexer) = (automaton, lexer);
        for (var value = 0; value < 256; value++)
        {
            var pair = (automaton.ClassOf[value], lexer.ClassOf[value]);
            if (!_classes.Contains(pair)) _classes.Add(pair);
        }
    }

    /// <summary>True only if it is so; false also if it takes too long to see.</summary>
    public bool IsInside(int state)
    {
        if (_automaton.IsUnbounded && !Repeats(state)) return false;
        _known.Clear();
        _open.Clear();
        _open.Push((1, state & ~Lexer.Accepts));
        while (_open.TryPop(out var pair))
        {
            foreach (var (slice, lexer) in _classes)
            {
                var next = _automaton.Step(pair.Slice, slice);
                if (next == 0) continue;
                var follower = _lexer.Step(pair.Lexer, lexer) & ~Lexer.Accepts;
                if (follower == Lexer.Dead) return false;
                if (!_known.Add((next, follower))) continue;
                if (_known.Count > MaxPairs) return false;
                _open.Push((next, follower));
            }
        }

        return true;
    }

    /// <summary>Whether letters lead back to a state, as they do where no length is counted; a quick look before all is compared.</summary>
    private bool Repeats(int state)
    {
        var letter = _lexer.ClassOf['a'];
        for (var i = 0; i < MaxLetters; i++)
        {
            var next = _lexer.Step(state, letter) & ~Lexer.Accepts;
            if (next == Lexer.Dead) return false;
            if (next == (state & ~Lexer.Accepts)) return true;
            state = next;
        }

        return false;
    }
}

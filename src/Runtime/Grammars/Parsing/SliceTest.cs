using ArchGen.Grammars.Regexes;
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
    private readonly Dictionary<Regex, bool> _characters = [];
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
        if (IsInRepetition(_lexer.State(state).Entries) is { } known) return known;
        if (_automaton.Longest == RegexBuilder.Unbounded && !Repeats(state)) return false;
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

    /// <summary>
    /// Reads the answer from expressions that begin with a repetition of any character of the slice, as those of most texts do: it depends on how many
    /// are left. Null if there are none such.
    /// </summary>
    private bool? IsInRepetition(int[] entries)
    {
        bool? result = null;
        for (var i = 0; i < entries.Length; i += 2)
        {
            if (_lexer.IsLazy(entries[i])) continue;
            var node = _lexer.Regexes.Node(new(entries[i + 1]));
            foreach (var side in node.Kind == RegexKind.Or ? node.Parts : [entries[i + 1]])
            {
                var head = _lexer.Regexes.Node(new(side));
                if (head.Kind == RegexKind.Concat) head = _lexer.Regexes.Node(new(head.First));
                if (head.Kind != RegexKind.Repeat || !HasAllCharacters(new(head.First))) continue;
                if (head.Third >= _automaton.Longest) return true;
                result = false;
            }
        }

        return result;
    }

    /// <summary>Whether an expression matches each character of the slice.</summary>
    private bool HasAllCharacters(Regex regex)
    {
        if (_characters.TryGetValue(regex, out var known)) return known;
        var character = _automaton.Character!;
        Stack<(int Slice, Regex Regex)> open = new([(1, regex)]);
        var result = true;
        while (result && open.TryPop(out var pair))
        {
            foreach (var (slice, lexer) in _classes)
            {
                var next = character.Step(pair.Slice, slice);
                if (next == 0) continue;
                var follower = _lexer.Regexes.Derivative(pair.Regex, _lexer.Representatives[lexer]);
                if (character.Accepts(next)) result &= _lexer.Regexes.IsNullable(follower);
                else if (follower.IsNothing) result = false;
                else open.Push((next, follower));
            }
        }

        _characters.Add(regex, result);
        return result;
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

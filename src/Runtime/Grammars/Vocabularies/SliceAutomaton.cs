using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.Vocabularies;

/// <summary>The automaton of a regular expression without complements, made in full. State 0 is dead, state 1 the start.</summary>
internal sealed class SliceAutomaton
{
    private readonly List<int> _transitions = [];
    private readonly List<bool> _accepts = [];

    /// <summary>The automaton of a slice.</summary>
    /// <param name="regexes">The expressions.</param>
    /// <param name="regex">The slice.</param>
    /// <param name="character">What matches each of its characters.</param>
    /// <param name="longest">The most characters that it has.</param>
    public SliceAutomaton(RegexBuilder regexes, Regex regex, Regex character, int longest)
        : this(regexes, regex) =>
        (Longest, Character) = (longest, new(regexes, character));

    private SliceAutomaton(RegexBuilder regexes, Regex regex)
    {
        ClassOf = regexes.ClassOf.ToArray();
        Classes = regexes.Representatives.Count;
        Dictionary<Regex, int> ids = new() { [Regex.Nothing] = 0, [regex] = 1 };
        List<Regex> states = [Regex.Nothing, regex];
        for (var i = 0; i < states.Count; i++)
        {
            _accepts.Add(regexes.IsNullable(states[i]));
            foreach (var value in regexes.Representatives)
            {
                var next = regexes.Derivative(states[i], value);
                if (ids.TryAdd(next, states.Count)) states.Add(next);
                _transitions.Add(ids[next]);
            }
        }
    }

    /// <summary>The most characters of a text, or <see cref="RegexBuilder.Unbounded"/>.</summary>
    public int Longest { get; }

    /// <summary>The automaton of one character.</summary>
    public SliceAutomaton? Character { get; }

    public byte[] ClassOf { get; }

    public int Classes { get; }

    public int Count => _accepts.Count;

    public int Step(int state, int @class) => _transitions[(state * Classes) + @class];

    public bool Accepts(int state) => _accepts[state];

    public bool Matches(ReadOnlySpan<byte> text)
    {
        var state = 1;
        foreach (var value in text) state = Step(state, ClassOf[value]);
        return _accepts[state];
    }
}

namespace ArchGen.Grammars.Regexes;

internal sealed partial class RegexBuilder
{
    private readonly List<ByteAutomaton> _automata = [];

    /// <summary>The language of a deterministic automaton, for what is small as an automaton and large as an expression, such as the multiples of 7.</summary>
    public Regex Automaton(ByteAutomaton automaton)
    {
        // Each byte that the automaton distinguishes becomes a class of its own.
        foreach (var value in automaton.Alphabet) Bytes(ByteSet.Of(value));
        _automata.Add(automaton);
        return State(_automata.Count - 1, 0);
    }

    private Regex State(int automaton, int state) => new(Intern(new(RegexKind.Automaton, automaton, state) { Nullable = _automata[automaton].Accepts(state) }));

    private int DeriveAutomaton(RegexNode node, byte value)
    {
        var next = _automata[node.First].Next(node.Second, value);
        return next < 0 ? Regex.Nothing.Id : State(node.First, next).Id;
    }
}

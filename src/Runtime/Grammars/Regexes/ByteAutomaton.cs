namespace ArchGen.Grammars.Regexes;

/// <summary>A deterministic automaton over bytes, from each of whose states a string can be accepted. State 0 is the first.</summary>
internal abstract class ByteAutomaton
{
    /// <summary>The bytes that occur in the language.</summary>
    public abstract ReadOnlySpan<byte> Alphabet { get; }

    /// <summary>The state after a byte; -1 if nothing can be accepted any more.</summary>
    public abstract int Next(int state, byte value);

    /// <summary>Whether a string may end in a state.</summary>
    public abstract bool Accepts(int state);
}

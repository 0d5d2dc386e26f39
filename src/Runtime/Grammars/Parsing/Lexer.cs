using System.Runtime.InteropServices;
using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.Parsing;

/// <summary>
/// An automaton that recognizes several lexemes at once and is made as it is walked. A state is a set of lexemes with what may still follow of each; a
/// transition takes a class of bytes. State 0 is the one from which nothing goes on. Not safe for several threads.
/// </summary>
internal sealed class Lexer
{
    /// <summary>State 0: nothing matches.</summary>
    public const int Dead = 0;

    /// <summary>Set in a transition to a state in which a lexeme may end.</summary>
    public const int Accepts = 1 << 30;

    private const int Unknown = -1;

    private readonly RegexBuilder _regexes;
    private readonly List<GrammarLexeme> _lexemes;
    private readonly int _limit;
    private readonly Dictionary<int[], int> _ids = new(IntegersComparer.Instance);
    private readonly Dictionary<int[], int> _acceptedSets = new(IntegersComparer.Instance);
    private readonly List<LexerState> _states = [];
    private readonly byte[] _representatives;
    private readonly int[] _sizes;
    private int[] _transitions;

    public Lexer(RegexBuilder regexes, List<GrammarLexeme> lexemes, int limit)
    {
        (_regexes, _lexemes, _limit) = (regexes, lexemes, limit);
        _representatives = [.. regexes.Representatives];
        ClassOf = regexes.ClassOf.ToArray();
        _sizes = new int[Classes];
        foreach (var @class in ClassOf) _sizes[@class]++;
        _transitions = new int[64 * Classes];
        Intern([]);
        Array.Fill(_transitions, Dead, 0, Classes);
    }

    /// <summary>The class of each byte.</summary>
    public byte[] ClassOf { get; }

    /// <summary>One byte of each class.</summary>
    public ReadOnlySpan<byte> Representatives => _representatives;

    /// <summary>The number of classes, which is the length of a state's row of transitions.</summary>
    public int Classes => _representatives.Length;

    public int Count => _states.Count;

    public RegexBuilder Regexes => _regexes;

    /// <summary>The number of regular expressions made so far.</summary>
    public int Parts => _regexes.Count;

    /// <summary>Whether a lexeme ends at its first match.</summary>
    public bool IsLazy(int lexeme) => _lexemes[lexeme].IsLazy;

    /// <summary>The number of bytes in a class.</summary>
    public int SizeOf(int @class) => _sizes[@class];

    /// <summary>The cost of derivatives so far.</summary>
    public long Work => _regexes.Work;

    /// <summary>
    /// The transitions known so far: the state after state s and class c, with <see cref="Accepts"/>, is at s * <see cref="Classes"/> + c; below 0 it is not
    /// known yet. Another array after a call that makes states.
    /// </summary>
    public int[] Transitions => _transitions;

    /// <summary>A state; the mark <see cref="Accepts"/> may be set.</summary>
    public LexerState State(int state) => _states[state & ~Accepts];

    /// <summary>The state in which each of some lexemes, in ascending order, may begin.</summary>
    public int Start(ReadOnlySpan<int> lexemes)
    {
        var entries = new int[lexemes.Length * 2];
        for (var i = 0; i < lexemes.Length; i++) (entries[2 * i], entries[(2 * i) + 1]) = (lexemes[i], _lexemes[lexemes[i]].Regex.Id);
        return Intern(entries) & ~Accepts;
    }

    /// <summary>The state after a class of bytes, with <see cref="Accepts"/> if a lexeme may end there.</summary>
    public int Step(int state, int @class)
    {
        var known = _transitions[((state & ~Accepts) * Classes) + @class];
        return known >= 0 ? known : Derive(state & ~Accepts, @class);
    }

    private int Derive(int state, int @class)
    {
        List<int> entries = [];
        var from = _states[state].Entries;
        for (var i = 0; i < from.Length; i += 2)
        {
            var next = _regexes.Derivative(new(from[i + 1]), _representatives[@class]);
            if (next.IsNothing || _regexes.IsEmpty(next)) continue;
            entries.Add(from[i]);
            entries.Add(_lexemes[from[i]].IsLazy && _regexes.IsNullable(next) ? Regex.Empty.Id : next.Id);
        }

        var result = Intern([.. entries]);
        _transitions[(state * Classes) + @class] = result;
        return result;
    }

    private int Intern(int[] entries)
    {
        if (_ids.TryGetValue(entries, out var known)) return known;
        if (_states.Count >= _limit)
        {
            throw new RequestException($"The grammar's lexer needs more than {_limit} states. Make its patterns, or the bounds in them, simpler.");
        }

        List<int> accepted = [];
        var goesOn = false;
        for (var i = 0; i < entries.Length; i += 2)
        {
            if (_regexes.IsNullable(new(entries[i + 1]))) accepted.Add(entries[i]);
            goesOn |= entries[i + 1] != Regex.Empty.Id;
        }

        var id = _states.Count;
        int[] set = [.. accepted];
        if (!_acceptedSets.TryGetValue(set, out var setId)) _acceptedSets.Add(set, setId = _acceptedSets.Count);
        _states.Add(new(entries, set, setId, goesOn));
        if (_transitions.Length < (id + 1) * Classes) Array.Resize(ref _transitions, _transitions.Length * 2);
        Array.Fill(_transitions, Unknown, id * Classes, Classes);
        if (accepted.Count > 0) id |= Accepts;
        _ids.Add(entries, id);
        return id;
    }
}

/// <summary>A state of the lexer.</summary>
/// <param name="entries">Pairs of a lexeme and the number of the expression of what may follow.</param>
/// <param name="accepted">The lexemes that may end here.</param>
/// <param name="acceptedSet">The number of that set.</param>
/// <param name="goesOn">Whether any lexeme may have further bytes.</param>
internal sealed class LexerState(int[] entries, int[] accepted, int acceptedSet, bool goesOn)
{
    public int[] Entries { get; } = entries;

    public int[] Accepted { get; } = accepted;

    public int AcceptedSet { get; } = acceptedSet;

    public bool GoesOn { get; } = goesOn;

    /// <summary>For the slices of a vocabulary: 1 if known to be inside, -1 if not, 0 if not asked.</summary>
    public sbyte[]? Slices { get; set; }

    /// <summary>Whether a mask here has been large.</summary>
    public bool IsLarge { get; set; }

    /// <summary>The part of a mask that does not depend on the row, if it has been made.</summary>
    public LexerInside? Inside { get; set; }

    /// <summary>The only byte that goes on, plus 2; 1 if there are several; 0 if not asked.</summary>
    public int Forced { get; set; }
}

/// <summary>Compares arrays of integers by what they hold.</summary>
internal sealed class IntegersComparer : IEqualityComparer<int[]>
{
    public static IntegersComparer Instance { get; } = new();

    public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(int[] obj)
    {
        HashCode hash = default;
        hash.AddBytes(MemoryMarshal.AsBytes(obj.AsSpan()));
        return hash.ToHashCode();
    }
}

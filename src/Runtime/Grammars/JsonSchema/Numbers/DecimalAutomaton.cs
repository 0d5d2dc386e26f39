using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.JsonSchema.Numbers;

/// <summary>
/// A deterministic automaton over the characters of decimal numbers: ten digits, the sign and the point. State 0 is the first; -1 is where no number can
/// follow any more.
/// </summary>
internal sealed class DecimalAutomaton : ByteAutomaton
{
    /// <summary>The number of characters: <c>0</c> to <c>9</c> are 0 to 9.</summary>
    public const int Symbols = 12;

    /// <summary>The symbol of <c>-</c>.</summary>
    public const int Minus = 10;

    /// <summary>The symbol of <c>.</c>.</summary>
    public const int Point = 11;

    /// <summary>The most states that an automaton may have.</summary>
    public const int MaxStates = 40_000;

    private readonly int[] _next;
    private readonly bool[] _accepts;

    private DecimalAutomaton(int[] next, bool[] accepts) => (_next, _accepts) = (next, accepts);

    public int StateCount => _accepts.Length;

    public bool IsEmpty => !_accepts.AsSpan().Contains(true);

    public int Next(int state, int symbol) => _next[(state * Symbols) + symbol];

    public override ReadOnlySpan<byte> Alphabet => "0123456789-."u8;

    public override int Next(int state, byte value) => SymbolOf(value) is var symbol && symbol < 0 ? -1 : Next(state, symbol);

    public override bool Accepts(int state) => _accepts[state];

    /// <summary>Whether a number, spelled without exponent, is accepted.</summary>
    public bool Matches(string text)
    {
        var state = 0;
        foreach (var character in text)
        {
            var symbol = SymbolOf(character);
            if (symbol < 0 || (state = Next(state, symbol)) < 0) return false;
        }

        return _accepts[state];
    }

    /// <summary>Makes the automaton of a state machine, minimal.</summary>
    /// <param name="start">The first state.</param>
    /// <param name="step">The state after a symbol; null if there is none.</param>
    /// <param name="accepts">Whether a number may end in a state.</param>
    /// <exception cref="SchemaException">There are more than <see cref="MaxStates"/> states.</exception>
    public static DecimalAutomaton Explore<TState>(TState start, Func<TState, int, TState?> step, Func<TState, bool> accepts)
        where TState : struct
    {
        Dictionary<TState, int> ids = new() { [start] = 0 };
        List<TState> states = [start];
        List<int> next = [];
        for (var i = 0; i < states.Count; i++)
        {
            for (var symbol = 0; symbol < Symbols; symbol++)
            {
                if (step(states[i], symbol) is not { } following)
                {
                    next.Add(-1);
                    continue;
                }

                if (!ids.TryGetValue(following, out var id))
                {
                    if (states.Count >= MaxStates) throw new SchemaException($"the bounds of the number need more than {MaxStates} states");
                    id = states.Count;
                    ids.Add(following, id);
                    states.Add(following);
                }

                next.Add(id);
            }
        }

        return new DecimalAutomaton([.. next], [.. states.Select(accepts)]).Minimize();
    }

    /// <summary>The numbers for which <paramref name="accepts"/> is true, given whether each side accepts them.</summary>
    public static DecimalAutomaton Combine(DecimalAutomaton a, DecimalAutomaton b, Func<bool, bool, bool> accepts)
    {
        return Explore<(int A, int B)>(
            (0, 0),
            (state, symbol) =>
            {
                var left = state.A < 0 ? -1 : a.Next(state.A, symbol);
                var right = state.B < 0 ? -1 : b.Next(state.B, symbol);
                return left < 0 && right < 0 ? null : (left, right);
            },
            state => accepts(state.A >= 0 && a.Accepts(state.A), state.B >= 0 && b.Accepts(state.B)));
    }

    public bool Equals(DecimalAutomaton other) =>
        _accepts.AsSpan().SequenceEqual(other._accepts) && _next.AsSpan().SequenceEqual(other._next);

    /// <summary>Merges states that accept the same rests (Moore, 1956) and numbers them in the order of a breadth-first search.</summary>
    private DecimalAutomaton Minimize()
    {
        var classes = Partition();
        if (classes[0] == classes[StateCount]) return new([.. Enumerable.Repeat(-1, Symbols)], [false]);
        Dictionary<int, int> numbers = new() { [classes[0]] = 0 };
        List<int> samples = [0];
        List<int> next = [];
        for (var i = 0; i < samples.Count; i++)
        {
            for (var symbol = 0; symbol < Symbols; symbol++)
            {
                var target = Next(samples[i], symbol);
                if (target < 0 || classes[target] == classes[StateCount])
                {
                    next.Add(-1);
                    continue;
                }

                if (numbers.TryAdd(classes[target], samples.Count)) samples.Add(target);
                next.Add(numbers[classes[target]]);
            }
        }

        return new([.. next], [.. samples.Select(Accepts)]);
    }

    /// <summary>The class of each state, and last that of the state from which nothing is accepted.</summary>
    private int[] Partition()
    {
        var count = StateCount + 1;
        var classes = new int[count];
        for (var i = 0; i < StateCount; i++) classes[i] = _accepts[i] ? 1 : 0;
        var found = classes.Contains(1) ? 2 : 1;
        while (true)
        {
            Dictionary<Signature, int> signatures = [];
            var refined = new int[count];
            for (var i = 0; i < count; i++)
            {
                var signature = new Signature(classes[i], i == StateCount ? [] : [.. Enumerable.Range(0, Symbols).Select(s => ClassOf(classes, Next(i, s)))]);
                if (i == StateCount) signature = new(classes[i], [.. Enumerable.Repeat(classes[i], Symbols)]);
                if (!signatures.TryGetValue(signature, out var id)) signatures.Add(signature, id = signatures.Count);
                refined[i] = id;
            }

            classes = refined;
            if (signatures.Count == found) return classes;
            found = signatures.Count;
        }
    }

    private static int SymbolOf(int character) => character switch { '-' => Minus, '.' => Point, >= '0' and <= '9' => character - '0', _ => -1 };

    private int ClassOf(int[] classes, int state) => classes[state < 0 ? StateCount : state];

    private readonly record struct Signature(int Class, int[] Targets)
    {
        public bool Equals(Signature other) => Class == other.Class && Targets.AsSpan().SequenceEqual(other.Targets);

        public override int GetHashCode()
        {
            HashCode hash = default;
            hash.Add(Class);
            foreach (var target in Targets) hash.Add(target);
            return hash.ToHashCode();
        }
    }
}

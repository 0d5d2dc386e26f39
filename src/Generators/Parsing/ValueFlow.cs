using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>What each value of a function was computed from: it tells which results are lost, and whether a residual stream passes.</summary>
internal sealed class ValueFlow
{
    private readonly Dictionary<string, Source> _sources = new(StringComparer.Ordinal);
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);

    /// <summary>An operation's result.</summary>
    /// <param name="variable">What holds it.</param>
    /// <param name="inputs">What it was computed from.</param>
    /// <param name="stream">Those inputs that pass through it as a residual stream does: operands of a sum or a norm, say.</param>
    /// <param name="place">Where it is reported if nothing uses it; null where that is well.</param>
    /// <param name="isSum">Whether it is their sum.</param>
    public void Add(string variable, IEnumerable<string> inputs, IEnumerable<string> stream, SyntaxNode? place, bool isSum = false) =>
        _sources[variable] = new Source([.. inputs], [.. stream]) { Place = place, IsSum = isSum };

    /// <summary>One of the parts that a split gives; the split is a source of its own.</summary>
    public void AddPart(string variable, string split, SyntaxNode? place) => _sources[variable] = new Source([split], [split]) { Place = place, IsPart = true };

    /// <summary>A result of a call of a block.</summary>
    public void AddCall(string variable, FlowCall call) =>
        _sources[variable] = new Source(call.Arguments.OfType<string>(), []) { Place = call.Place, Call = call };

    /// <summary>One of two values, as a condition has it.</summary>
    public void AddChoice(string variable, string a, string b) => _sources[variable] = new Source([a, b], [a, b]) { IsChoice = true };

    /// <summary>A variable that goes from one pass of a loop to the next.</summary>
    public void Carry(string variable, string before, string after) => _sources[variable] = new Source([before, after], [before]);

    /// <summary>The value leaves the function: it is returned, or written to a state.</summary>
    public void Keep(string variable) => _kept.Add(variable);

    /// <summary>Whether a residual stream passes from one value to another: over sums, norms and factors, whichever way a condition goes.</summary>
    /// <param name="to">The value.</param>
    /// <param name="from">The value that it should add to.</param>
    /// <param name="throughBlocks">Whether blocks are taken to pass what they are given.</param>
    public bool Passes(string to, string from, bool throughBlocks) => Passes(to, from, throughBlocks, new HashSet<string>(StringComparer.Ordinal));

    /// <summary>The nearest variable among those that a value was computed from, itself included, of which something holds.</summary>
    public string? Origin(string variable, Func<string, bool> holds)
    {
        var pending = new Queue<string>([variable]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (pending.Count > 0)
        {
            var next = pending.Dequeue();
            if (holds(next)) return next;
            if (!seen.Add(next) || !_sources.TryGetValue(next, out var source)) continue;
            foreach (var input in source.Inputs) pending.Enqueue(input);
        }

        return null;
    }

    /// <summary>The calls of blocks by which a stream passes from one value to another, each with the arguments that carry it.</summary>
    public IEnumerable<(FlowCall Call, int Argument)> CallsBetween(string to, string from)
    {
        var pending = new Stack<string>([to]);
        var seen = new HashSet<string>(StringComparer.Ordinal) { from };
        while (pending.Count > 0)
        {
            var variable = pending.Pop();
            if (!seen.Add(variable) || !_sources.TryGetValue(variable, out var source)) continue;
            if (source.Call is { } call)
            {
                for (var i = 0; i < call.Arguments.Count; i++)
                {
                    if (call.Arguments[i] is not { } argument || !Passes(argument, from, throughBlocks: true)) continue;
                    yield return (call, i);
                    pending.Push(argument);
                }
            }

            foreach (var input in source.Stream) pending.Push(input);
        }
    }

    /// <summary>
    /// The sums that add what one of their operands holds as a summand already, whichever way a condition goes; with the value: its variable, and
    /// where it is computed, if that is here.
    /// </summary>
    public IEnumerable<(SyntaxNode Place, string Variable, SyntaxNode? Origin)> SummedTwice()
    {
        foreach (var source in _sources.Values)
        {
            if (source is not { IsSum: true, Place: { } place, Inputs.Length: 2 }) continue;
            var others = Summands(source.Inputs[1]);
            var twice = Summands(source.Inputs[0]).Where(others.Contains).Select(v => (Variable: v, Origin: OriginOf(v)))
                .OrderBy(v => v.Origin is not null).ToList();
            if (twice.Count > 0) yield return (place, twice[0].Variable, twice[0].Origin);
        }

        SyntaxNode? OriginOf(string variable) => _sources.TryGetValue(variable, out var source) ? source.Place : null;
    }

    /// <summary>A value, and what it was added up from, nearest first.</summary>
    public IReadOnlyList<string> Summands(string value)
    {
        var summands = new List<string>();
        Add(value);
        return summands;

        void Add(string variable)
        {
            if (summands.Contains(variable)) return;
            summands.Add(variable);
            if (!_sources.TryGetValue(variable, out var source)) return;
            if (source.IsSum || source.IsChoice) Array.ForEach(source.Inputs, Add);
            if (source.Call is not { } call) return;
            for (var i = 0; i < call.Arguments.Count; i++)
            {
                if (call.Arguments[i] is { } argument && call.Functions.Any(f => f.IsSummand(call.Result, i))) Add(argument);
            }
        }
    }

    /// <summary>Each place where a result comes to be, whether it is used, and whether no other lost result is in between.</summary>
    public IEnumerable<(SyntaxNode Place, bool IsPart, bool IsUsed, bool IsLast)> Results()
    {
        var used = Reached(_kept);
        var lost = _sources.Where(s => !used.Contains(s.Key) && s.Value is { Place: not null, IsPart: false }).SelectMany(s => s.Value.Inputs);
        var before = Reached(lost);
        foreach (var pair in _sources)
        {
            var (variable, source) = (pair.Key, pair.Value);
            if (source.Place is null) continue;
            // Where all of a split is lost, the split is reported instead of its parts.
            var isLast = !before.Contains(variable) && (!source.IsPart || used.Contains(source.Inputs[0]));
            yield return (source.Place, source.IsPart, used.Contains(variable), isLast);
        }
    }

    private bool Passes(string to, string from, bool throughBlocks, HashSet<string> visiting)
    {
        if (to == from) return true;
        if (!_sources.TryGetValue(to, out var source) || !visiting.Add(to)) return false;
        try
        {
            if (source.Call is { } call) return throughBlocks && call.Arguments.Any(a => a is not null && Passes(a, from, throughBlocks, visiting));
            return source.IsChoice
                ? source.Stream.All(s => Passes(s, from, throughBlocks, visiting))
                : source.Stream.Any(s => Passes(s, from, throughBlocks, visiting));
        }
        finally
        {
            visiting.Remove(to);
        }
    }

    private HashSet<string> Reached(IEnumerable<string> variables)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Stack<string>(variables);
        while (pending.Count > 0)
        {
            var variable = pending.Pop();
            if (!reached.Add(variable) || !_sources.TryGetValue(variable, out var source)) continue;
            foreach (var input in source.Inputs) pending.Push(input);
        }

        return reached;
    }

    private sealed class Source(IEnumerable<string> inputs, IEnumerable<string> stream)
    {
        public string[] Inputs { get; } = [.. inputs];

        public string[] Stream { get; } = [.. stream];

        public SyntaxNode? Place { get; set; }

        public bool IsPart { get; set; }

        public bool IsChoice { get; set; }

        public bool IsSum { get; set; }

        public FlowCall? Call { get; set; }
    }
}

/// <summary>A call of a block's function.</summary>
/// <param name="place">Where it is.</param>
/// <param name="arguments">The variables of its arguments; null for those that are no tensors.</param>
/// <param name="functions">The functions that may run, one of each kind of block.</param>
/// <param name="result">Which of its results is meant.</param>
internal sealed class FlowCall(SyntaxNode place, IReadOnlyList<string?> arguments, IReadOnlyList<ReadFunction> functions, int result)
{
    public SyntaxNode Place { get; } = place;

    public IReadOnlyList<string?> Arguments { get; } = arguments;

    public IReadOnlyList<ReadFunction> Functions { get; } = functions;

    public int Result { get; } = result;
}

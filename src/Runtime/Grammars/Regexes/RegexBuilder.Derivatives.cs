namespace ArchGen.Grammars.Regexes;

internal sealed partial class RegexBuilder
{
    private readonly byte[] _classOf = new byte[256];
    private readonly List<byte> _representatives = [0];
    private readonly Dictionary<long, int> _derivatives = [];
    private readonly Dictionary<int, bool> _isEmpty = [];

    /// <summary>The class of each byte: no expression distinguishes two bytes of one class.</summary>
    public ReadOnlySpan<byte> ClassOf => _classOf;

    /// <summary>One byte of each class.</summary>
    public IReadOnlyList<byte> Representatives => _representatives;

    /// <summary>The derivative by a byte: the strings w for which the byte and w together are in the language.</summary>
    public Regex Derivative(Regex regex, byte value) => new(Derive(regex.Id, _representatives[_classOf[value]]));

    /// <summary>The cost of derivatives so far, in parts looked at.</summary>
    public long Work { get; private set; }

    /// <summary>Whether a string is in the language.</summary>
    public bool Matches(Regex regex, ReadOnlySpan<byte> text)
    {
        foreach (var value in text) regex = Derivative(regex, value);
        return IsNullable(regex);
    }

    /// <summary>Whether the language has no string at all.</summary>
    /// <exception cref="RequestException">It cannot be decided within the limit of steps.</exception>
    public bool IsEmpty(Regex regex)
    {
        var node = _nodes[regex.Id];
        if (!node.IsBoolean || node.Nullable) return regex.IsNothing;
        if (_isEmpty.TryGetValue(regex.Id, out var known)) return known;

        // The derivatives, by turns the oldest and the newest: neither a long way in one direction nor a wide choice hides a match that is near.
        // Parents lead back from a nullable one to the start.
        Dictionary<int, int> parents = new() { [regex.Id] = -1 };
        List<int> open = [regex.Id];
        var (first, steps, isOldest) = (0, 0, false);
        while (first < open.Count)
        {
            isOldest = !isOldest;
            var id = isOldest ? open[first++] : open[^1];
            if (!isOldest) open.RemoveAt(open.Count - 1);
            for (var i = _representatives.Count - 1; i >= 0; i--)
            {
                if (++steps > _limits.EmptinessSteps) throw TooHard();
                var next = Derive(id, _representatives[i]);
                var follower = _nodes[next];
                if (follower.Kind == RegexKind.Nothing || (_isEmpty.TryGetValue(next, out known) && known)) continue;
                if (follower.Nullable || !follower.IsBoolean || _isEmpty.ContainsKey(next))
                {
                    for (var at = id; at >= 0; at = parents[at]) _isEmpty[at] = false;
                    return false;
                }

                if (parents.TryAdd(next, id)) open.Add(next);
            }
        }

        foreach (var id in parents.Keys) _isEmpty[id] = true;
        return true;
    }

    /// <summary>Whether no string is in both languages.</summary>
    /// <exception cref="RequestException">It cannot be decided within the limit of steps.</exception>
    public bool AreDisjoint(Regex a, Regex b) => IsEmpty(And(a, b));

    /// <summary>Whether each string of <paramref name="inner"/> is in <paramref name="outer"/>.</summary>
    /// <exception cref="RequestException">It cannot be decided within the limit of steps.</exception>
    public bool IsSubset(Regex inner, Regex outer) => IsEmpty(Except(inner, outer));

    private int Derive(int id, byte value)
    {
        var node = _nodes[id];
        if (node.Kind <= RegexKind.Empty) return Regex.Nothing.Id;
        if (node.Kind == RegexKind.Bytes) return Set(node).Contains(value) ? Regex.Empty.Id : Regex.Nothing.Id;
        if (node.Kind == RegexKind.Concat && _nodes[node.First].Kind == RegexKind.Bytes)
        {
            return Set(_nodes[node.First]).Contains(value) ? node.Second : Regex.Nothing.Id;
        }

        var key = ((long)id << 8) | value;
        if (_derivatives.TryGetValue(key, out var known)) return known;
        Work += Math.Max(node.Parts.Length, 1);
        var result = node.Kind switch
        {
            RegexKind.Concat => DeriveConcat(id, value),
            RegexKind.Repeat => DeriveRepeat(node, value),
            RegexKind.Automaton => DeriveAutomaton(node, value),
            RegexKind.Not => Not(new(Derive(node.First, value))).Id,
            _ => DeriveMany(node, value),
        };
        _derivatives.Add(key, result);
        return result;
    }

    private int DeriveConcat(int id, byte value)
    {
        // The tail takes part while all before it can be empty.
        List<Regex> sides = [];
        var node = _nodes[id];
        while (true)
        {
            sides.Add(Pair(new(Derive(node.First, value)), new(node.Second)));
            if (!_nodes[node.First].Nullable) break;
            var tail = _nodes[node.Second];
            if (tail.Kind != RegexKind.Concat)
            {
                sides.Add(new(Derive(node.Second, value)));
                break;
            }

            node = tail;
        }

        return sides.Count == 1 ? sides[0].Id : Or([.. sides]).Id;
    }

    private int DeriveRepeat(RegexNode node, byte value)
    {
        var first = Derive(node.First, value);
        if (first == Regex.Nothing.Id) return first;
        var max = node.Third == Unbounded ? Unbounded : node.Third - 1;
        return Pair(new(first), Repeat(new(node.First), Math.Max(node.Second - 1, 0), max)).Id;
    }

    private int DeriveMany(RegexNode node, byte value)
    {
        var isUnion = node.Kind == RegexKind.Or;
        var sides = new Regex[node.Parts.Length];
        var count = 0;
        foreach (var part in node.Parts)
        {
            var side = Derive(part, value);
            if (side == Regex.Nothing.Id)
            {
                if (!isUnion) return side;
                continue;
            }

            sides[count++] = new(side);
        }

        if (count == 1 && isUnion) return sides[0].Id;
        return isUnion ? Or(sides.AsSpan(0, count)).Id : And(sides.AsSpan(0, count)).Id;
    }

    /// <summary>Divides the classes of bytes that a set divides.</summary>
    private void Refine(ByteSet set)
    {
        Dictionary<int, byte> divided = [];
        for (var value = 0; value < 256; value++)
        {
            var present = _classOf[value];
            if (set.Contains((byte)value) == set.Contains(_representatives[present])) continue;
            if (!divided.TryGetValue(present, out var other))
            {
                other = (byte)_representatives.Count;
                _representatives.Add((byte)value);
                divided.Add(present, other);
            }

            _classOf[value] = other;
        }
    }

    private RequestException TooHard() => new(
        $"Whether a regular expression can match at all takes more than {_limits.EmptinessSteps} steps to see. "
        + "Make the pattern, or what it is combined with, simpler.");
}

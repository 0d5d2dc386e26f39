using System.Text;

namespace ArchGen.Grammars.Regexes;

/// <summary>
/// Makes regular expressions over bytes. Expressions are stored once each (hash-consing), so that equal ones have equal numbers and a derivative is
/// computed once. Brzozowski, "Derivatives of regular expressions", 1964; Owens, Reppy and Turon, "Regular-expression derivatives re-examined", 2009.
/// A text is matched as its UTF-8. Not safe for several threads.
/// </summary>
internal sealed partial class RegexBuilder
{
    /// <summary>The number of repetitions that means "without bound".</summary>
    public const int Unbounded = int.MaxValue;

    private readonly RegexLimits _limits;
    private readonly List<RegexNode> _nodes = [];
    private readonly Dictionary<RegexNode, int> _ids = [];
    private readonly List<ByteSet> _sets = [];
    private readonly Dictionary<ByteSet, int> _setNodes = [];

    public RegexBuilder(RegexLimits? limits = null)
    {
        _limits = limits ?? new RegexLimits();
        Intern(new(RegexKind.Nothing));
        Intern(new(RegexKind.Empty) { Nullable = true });
        All = Not(Regex.Nothing);
        AnyByte = Bytes(ByteSet.All);
        AnyCodePoint = CodePoints(CodePointRanges.All);
        AnyText = Star(AnyCodePoint);
    }

    /// <summary>A copy, whose further expressions are its own; numbers of present ones are the same in both.</summary>
    public RegexBuilder(RegexBuilder other)
    {
        _limits = other._limits;
        _nodes = [.. other._nodes];
        _ids = new(other._ids);
        _sets = [.. other._sets];
        _setNodes = new(other._setNodes);
        _automata = [.. other._automata];
        other._classOf.CopyTo(_classOf, 0);
        _representatives = [.. other._representatives];
        (All, AnyByte, AnyCodePoint, AnyText) = (other.All, other.AnyByte, other.AnyCodePoint, other.AnyText);
    }

    /// <summary>Every string of bytes.</summary>
    public Regex All { get; }

    public Regex AnyByte { get; }

    /// <summary>The UTF-8 of any one code point; surrogates are none.</summary>
    public Regex AnyCodePoint { get; }

    /// <summary>Every well-formed UTF-8 text.</summary>
    public Regex AnyText { get; }

    public RegexLimits Limits => _limits;

    /// <summary>The number of expressions made so far.</summary>
    public int Count => _nodes.Count;

    /// <summary>One byte of a set.</summary>
    public Regex Bytes(ByteSet set)
    {
        if (set.IsEmpty) return Regex.Nothing;
        if (_setNodes.TryGetValue(set, out var id)) return new(id);
        Refine(set);
        _sets.Add(set);
        id = Intern(new(RegexKind.Bytes, _sets.Count - 1));
        _setNodes.Add(set, id);
        return new(id);
    }

    public Regex Byte(byte value) => Bytes(ByteSet.Of(value));

    /// <summary>A text, as its UTF-8.</summary>
    public Regex Literal(string text) => Literal(Encoding.UTF8.GetBytes(text));

    /// <summary>These bytes, one after the other.</summary>
    public Regex Literal(ReadOnlySpan<byte> bytes)
    {
        var result = Regex.Empty;
        for (var i = bytes.Length - 1; i >= 0; i--) result = Pair(Byte(bytes[i]), result);
        return result;
    }

    /// <summary>One of several texts. Common beginnings are shared, so that a long list costs no more than its characters.</summary>
    public Regex Literals(IEnumerable<string> texts)
    {
        var sorted = texts.Select(Encoding.UTF8.GetBytes).ToArray();
        Array.Sort(sorted, static (a, b) => a.AsSpan().SequenceCompareTo(b));
        return sorted.Length == 0 ? Regex.Nothing : Literals(sorted);
    }

    /// <summary>One after the other.</summary>
    public Regex Concat(params ReadOnlySpan<Regex> parts)
    {
        var result = Regex.Empty;
        for (var i = parts.Length - 1; i >= 0; i--) result = Pair(parts[i], result);
        return result;
    }

    /// <summary>Any number of times, also none.</summary>
    public Regex Star(Regex body) => Repeat(body, 0, Unbounded);

    /// <summary>Once or more.</summary>
    public Regex Plus(Regex body) => Repeat(body, 1, Unbounded);

    /// <summary>Once or not at all.</summary>
    public Regex Optional(Regex body) => Or(body, Regex.Empty);

    /// <summary>From <paramref name="min"/> to <paramref name="max"/> times. The bounds are counted, not unrolled.</summary>
    public Regex Repeat(Regex body, int min, int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(min);
        if (max < min) return Regex.Nothing;
        if (max == 0 || body == Regex.Empty) return Regex.Empty;
        if (body.IsNothing) return min == 0 ? Regex.Empty : Regex.Nothing;
        var node = _nodes[body.Id];
        if (node.Nullable) min = 0;
        if (max == 1) return min == 1 ? body : Optional(body);
        if (node.Kind == RegexKind.Repeat && MergedRepeat(node, min, max) is { } merged) return merged;
        return new(Intern(new(RegexKind.Repeat, body.Id, min, max) { Nullable = min == 0, IsBoolean = node.IsBoolean, Depth = node.Depth + 1 }));
    }

    /// <summary>Whether the empty string is in the language.</summary>
    public bool IsNullable(Regex regex) => _nodes[regex.Id].Nullable;

    /// <summary>The node of an expression.</summary>
    public RegexNode Node(Regex regex) => _nodes[regex.Id];

    /// <summary>The bytes of a node of kind <see cref="RegexKind.Bytes"/>.</summary>
    public ByteSet Set(RegexNode node) => _sets[node.First];

    private Regex Pair(Regex head, Regex tail)
    {
        if (head.IsNothing || tail.IsNothing) return Regex.Nothing;
        if (head == Regex.Empty) return tail;
        if (tail == Regex.Empty) return head;
        var node = _nodes[head.Id];

        // A short head is laid flat, so that the same string of parts has the same number however it was put together.
        if (node.Kind == RegexKind.Concat && ChainLength(head) <= 32) return Pair(new(node.First), Pair(new(node.Second), tail));
        var rest = _nodes[tail.Id];
        return new(Intern(new(RegexKind.Concat, head.Id, tail.Id)
        {
            Nullable = node.Nullable && rest.Nullable,
            IsBoolean = node.IsBoolean || rest.IsBoolean,
            Depth = Math.Max(node.Depth + 1, rest.Depth),
        }));
    }

    private int ChainLength(Regex regex)
    {
        var length = 1;
        for (var node = _nodes[regex.Id]; node.Kind == RegexKind.Concat && length <= 33; node = _nodes[node.Second]) length++;
        return length;
    }

    private Regex? MergedRepeat(RegexNode inner, int min, int max)
    {
        var innerMax = inner.Third;
        if (innerMax == Unbounded && inner.Second <= 1)
        {
            // (x*){..} and (x+){..} with at least one repetition.
            return new Regex(inner.First) is var body && (min == 0 || inner.Second == 0) ? Star(body) : Repeat(body, Math.Max(min, 1), Unbounded);
        }

        var isExact = inner.Second == innerMax && min == max && max != Unbounded;
        return isExact && (long)innerMax * max < Unbounded ? Repeat(new(inner.First), innerMax * max, innerMax * max) : null;
    }

    private Regex Literals(ReadOnlySpan<byte[]> sorted)
    {
        // The strings from the last to the first; open[d] is what may follow the first d bytes of the present string.
        var open = new List<List<Regex>> { new() };
        var present = sorted[^1];
        for (var i = sorted.Length - 1; i >= 0; i--)
        {
            var shared = present.AsSpan().CommonPrefixLength(sorted[i]);
            Close(open, present, shared);
            present = sorted[i];
            while (open.Count <= present.Length) open.Add([]);
            open[present.Length].Add(Regex.Empty);
        }

        Close(open, present, 0);
        return Or([.. open[0]]);
    }

    private void Close(List<List<Regex>> open, byte[] text, int depth)
    {
        for (var d = open.Count - 1; d > depth; d--)
        {
            open[d - 1].Add(Pair(Byte(text[d - 1]), Or([.. open[d]])));
            open.RemoveAt(d);
        }
    }

    private int Intern(RegexNode node)
    {
        if (_ids.TryGetValue(node, out var id)) return id;
        if (_nodes.Count >= _limits.Nodes)
        {
            throw new RequestException(
                $"The regular expressions of the grammar need more than {_limits.Nodes} parts. Make the patterns or their bounds simpler.");
        }

        if (node.Depth > _limits.Depth)
        {
            throw new RequestException($"A regular expression is nested more than {_limits.Depth} deep. Make it flatter.");
        }

        id = _nodes.Count;
        _nodes.Add(node);
        _ids.Add(node, id);
        return id;
    }
}

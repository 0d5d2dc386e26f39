namespace ArchGen.Grammars.Regexes;

internal sealed partial class RegexBuilder
{
    private const int MaxFactoring = 64;

    private int _factoring;

    /// <summary>In one of the languages.</summary>
    public Regex Or(params ReadOnlySpan<Regex> sides)
    {
        List<int> parts = [];
        ByteSet bytes = default;
        foreach (var side in sides)
        {
            var node = _nodes[side.Id];
            if (node.Kind == RegexKind.Or)
            {
                foreach (var part in node.Parts) AddUnion(parts, part, ref bytes);
            }
            else
            {
                AddUnion(parts, side.Id, ref bytes);
            }
        }

        if (!bytes.IsEmpty) parts.Add(Bytes(bytes).Id);
        SortDistinct(parts);
        if (parts.Count > 1) Factor(parts);
        if (parts.Contains(All.Id) && All.Id != 0) return All;
        if (parts.Count > 1 && parts[0] == Regex.Empty.Id && parts.Skip(1).Any(part => _nodes[part].Nullable)) parts.RemoveAt(0);
        if (parts.Count == 0) return Regex.Nothing;
        if (parts.Count == 1) return new(parts[0]);
        if (HasComplements(parts)) return All;
        return new(Intern(Many(RegexKind.Or, parts, parts.Any(part => _nodes[part].Nullable))));
    }

    /// <summary>In all of the languages.</summary>
    public Regex And(params ReadOnlySpan<Regex> sides)
    {
        List<int> parts = [];
        var bytes = ByteSet.All;
        var hasBytes = false;
        foreach (var side in sides)
        {
            var node = _nodes[side.Id];
            ReadOnlySpan<int> inner = node.Kind == RegexKind.And ? node.Parts : [side.Id];
            foreach (var part in inner)
            {
                if (_nodes[part].Kind == RegexKind.Nothing) return Regex.Nothing;
                if (_nodes[part].Kind == RegexKind.Bytes)
                {
                    bytes &= Set(_nodes[part]);
                    hasBytes = true;
                }
                else if (part != All.Id)
                {
                    parts.Add(part);
                }
            }
        }

        if (hasBytes)
        {
            if (bytes.IsEmpty) return Regex.Nothing;
            parts.Add(Bytes(bytes).Id);
        }

        SortDistinct(parts);
        if (parts.Count == 0) return All;
        if (parts.Count == 1) return new(parts[0]);
        var nullable = parts.TrueForAll(part => _nodes[part].Nullable);
        if (parts[0] == Regex.Empty.Id) return nullable ? Regex.Empty : Regex.Nothing;
        return HasComplements(parts) ? Regex.Nothing : new(Intern(Many(RegexKind.And, parts, nullable)));
    }

    /// <summary>
    /// Every string of bytes that is not in the language. It holds strings that are not UTF-8; <see cref="NotText"/> does not.
    /// </summary>
    public Regex Not(Regex regex)
    {
        var node = _nodes[regex.Id];
        return node.Kind == RegexKind.Not
            ? new(node.First)
            : new(Intern(new(RegexKind.Not, regex.Id) { Nullable = !node.Nullable, IsBoolean = !regex.IsNothing, Depth = node.Depth + 1 }));
    }

    /// <summary>Every text that is not in the language.</summary>
    public Regex NotText(Regex regex) => And(AnyText, Not(regex));

    /// <summary>In the first language and not in the second.</summary>
    public Regex Except(Regex regex, Regex excluded) => And(regex, Not(excluded));

    /// <summary>The language without the empty string.</summary>
    public Regex NotEmpty(Regex regex)
    {
        var node = _nodes[regex.Id];
        if (!node.Nullable) return regex;
        switch (node.Kind)
        {
            case RegexKind.Repeat:
                return Repeat(NotEmpty(new(node.First)), 1, node.Third);
            case RegexKind.Or:
                return Or([.. node.Parts.Select(part => NotEmpty(new(part)))]);
            case RegexKind.And:
                return And([NotEmpty(new(node.Parts[0])), .. node.Parts.AsSpan(1).ToArray().Select(part => new Regex(part))]);
            case RegexKind.Not:
                return Not(Or(new(node.First), Regex.Empty));
            case RegexKind.Concat:
                // Either the head has something, or it is empty and what follows has something.
                List<Regex> sides = [];
                var tail = regex;
                for (; _nodes[tail.Id] is { Kind: RegexKind.Concat } part; tail = new(part.Second))
                {
                    sides.Add(Pair(NotEmpty(new(part.First)), new(part.Second)));
                }

                return Or([.. sides, NotEmpty(tail)]);
            default:
                return Regex.Nothing;
        }
    }

    private void AddUnion(List<int> parts, int part, ref ByteSet bytes)
    {
        var node = _nodes[part];
        if (node.Kind == RegexKind.Bytes) bytes |= Set(node);
        else if (node.Kind != RegexKind.Nothing) parts.Add(part);
    }

    private RegexNode Many(RegexKind kind, List<int> parts, bool nullable) => new(kind, parts: [.. parts])
    {
        Nullable = nullable,
        IsBoolean = kind == RegexKind.And || parts.Exists(part => _nodes[part].IsBoolean),
        Depth = parts.Max(part => _nodes[part].Depth) + 1,
    };

    private bool HasComplements(List<int> parts) =>
        parts.Exists(part => _nodes[part].Kind == RegexKind.Not && parts.BinarySearch(_nodes[part].First) >= 0);

    /// <summary>Writes ax|ay as a(x|y), so that a union of texts becomes a tree and derivatives stay small.</summary>
    private void Factor(List<int> parts)
    {
        if (_factoring >= MaxFactoring) return;
        Dictionary<int, int> heads = [];
        var hasShared = false;
        foreach (var part in parts)
        {
            var head = HeadOf(part);
            ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(heads, head, out _);
            hasShared |= ++count > 1 && head != Regex.Empty.Id;
        }

        if (!hasShared) return;
        _factoring++;
        List<int> result = [];
        Dictionary<int, List<Regex>> tails = [];
        foreach (var part in parts)
        {
            var head = HeadOf(part);
            if (heads[head] == 1 || head == Regex.Empty.Id) result.Add(part);
            else if (tails.TryGetValue(head, out var tail)) tail.Add(TailOf(part));
            else tails.Add(head, [TailOf(part)]);
        }

        foreach (var (head, tail) in tails) result.Add(Pair(new(head), Or([.. tail])).Id);
        _factoring--;
        parts.Clear();
        parts.AddRange(result);
        SortDistinct(parts);
    }

    private int HeadOf(int part) => _nodes[part].Kind == RegexKind.Concat ? _nodes[part].First : part;

    private Regex TailOf(int part) => _nodes[part].Kind == RegexKind.Concat ? new(_nodes[part].Second) : Regex.Empty;

    private static void SortDistinct(List<int> parts)
    {
        parts.Sort();
        var kept = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            if (i == 0 || parts[i] != parts[kept - 1]) parts[kept++] = parts[i];
        }

        parts.RemoveRange(kept, parts.Count - kept);
    }
}

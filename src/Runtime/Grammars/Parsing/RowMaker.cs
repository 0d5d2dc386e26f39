namespace ArchGen.Grammars.Parsing;

/// <summary>Makes the row after a lexeme or a token: moves dots over it and completes the rules that end with it.</summary>
internal sealed class RowMaker(GrammarTables tables, GrammarLimits limits)
{
    private readonly List<(int Dot, Row Origin)> _items = [];
    private readonly HashSet<(int Dot, Row Origin)> _known = [];
    private readonly List<(int Rule, Row Origin)> _complete = [];
    private readonly HashSet<(int Rule, Row Origin)> _completed = [];
    private readonly List<(int Rule, Row Origin)> _chain = [];
    private readonly Dictionary<RowKey, Row> _rows = [];
    private readonly Dictionary<int[], RowShape> _shapes = new(IntegersComparer.Instance);
    private bool _canEnd;
    private int _count;

    /// <summary>The cost so far, in items looked at.</summary>
    public long Work { get; private set; }

    /// <summary>The number of rows that are remembered.</summary>
    public int Count => _rows.Count;

    /// <summary>The row before any lexeme.</summary>
    public Row First()
    {
        // The rule of the whole text began here: the origin is never asked for, since nothing waits for that rule.
        var dot = tables.FirstDots[GrammarTables.StartRule][0];
        Begin();
        AddFrom(dot, null!);
        _canEnd = _complete.Count > 0;
        return Finish();
    }

    /// <summary>Forgets the rows; those in use stay as they are.</summary>
    public void Clear() => _rows.Clear();

    /// <summary>Begins a row.</summary>
    public void Begin()
    {
        _items.Clear();
        _known.Clear();
        _complete.Clear();
        _completed.Clear();
        _canEnd = false;
    }

    /// <summary>Adds what follows a symbol that begins at a row.</summary>
    public void Add(Row row, int symbol)
    {
        Advance(row, symbol);
        while (_complete.Count > 0)
        {
            var (rule, origin) = _complete[^1];
            _complete.RemoveAt(_complete.Count - 1);
            if (rule == GrammarTables.StartRule) _canEnd = true;
            else Advance(origin, GrammarTables.Encode(SymbolKind.Rule, rule));
        }
    }

    /// <summary>The row of all that was added since <see cref="Begin"/>.</summary>
    public Row Finish()
    {
        _items.Sort(static (a, b) => a.Dot != b.Dot ? a.Dot.CompareTo(b.Dot) : (a.Origin?.Id ?? -1).CompareTo(b.Origin?.Id ?? -1));
        RowKey key = new(_items, _canEnd);
        if (_rows.TryGetValue(key, out var row)) return row;
        var dots = new int[_items.Count];
        var origins = new Row[_items.Count];
        for (var i = 0; i < dots.Length; i++) (dots[i], origins[i]) = _items[i];
        row = new(_count++, Shape(dots), dots, origins, _canEnd);
        _rows.Add(new(dots, origins, _canEnd), row);
        return row;
    }

    private void Advance(Row row, int symbol)
    {
        for (var i = 0; i < row.Dots.Length; i++)
        {
            if (tables.Next[row.Dots[i]] == symbol) AddFrom(row.Dots[i] + 1, row.Origins[i]);
        }

        foreach (var dot in row.Shape.WaitingFor(symbol)) AddFrom(dot + 1, row);
        Work += row.Dots.Length + 1;
    }

    /// <summary>Adds a dot, those after rules that match nothing, and the completion at an end.</summary>
    private void AddFrom(int dot, Row origin)
    {
        for (; tables.Next[dot] >= 0; dot++)
        {
            if (_known.Add((dot, origin))) _items.Add((dot, origin));
            if (_items.Count > limits.RowItems)
            {
                throw new RequestException(
                    $"The grammar is too ambiguous: more than {limits.RowItems} places in its rules fit the text so far. Make it simpler.");
            }

            if (!tables.IsNullable(tables.Next[dot])) return;
        }

        var end = EndOfChain(~tables.Next[dot], origin);
        if (_completed.Add(end)) _complete.Add(end);
    }

    /// <summary>
    /// Follows completions as long as each can only lead to one other: a list that is right-recursive ends all its rules at once, in one step.
    /// </summary>
    private (int Rule, Row Origin) EndOfChain(int rule, Row origin)
    {
        _chain.Clear();
        while (true)
        {
            if (rule == GrammarTables.StartRule || _chain.Contains((rule, origin))) break;
            if (origin.Chains is { } chains && chains.TryGetValue(rule, out var known))
            {
                (rule, origin) = known;
                break;
            }

            if (OnlyCompletion(rule, origin) is not { } next) break;
            _chain.Add((rule, origin));
            (rule, origin) = next;
            if (_chain.Count > 1000) break;
        }

        foreach (var (from, at) in _chain) (at.Chains ??= [])[from] = (rule, origin);
        return (rule, origin);
    }

    private (int Rule, Row Origin)? OnlyCompletion(int rule, Row origin)
    {
        var symbol = GrammarTables.Encode(SymbolKind.Rule, rule);
        var found = -1;
        var parent = origin;
        for (var i = 0; i < origin.Dots.Length; i++)
        {
            if (tables.Next[origin.Dots[i]] != symbol) continue;
            if (found >= 0) return null;
            (found, parent) = (origin.Dots[i], origin.Origins[i]);
        }

        var predicted = origin.Shape.WaitingFor(symbol);
        if (predicted.Length + (found >= 0 ? 1 : 0) != 1) return null;
        if (found < 0) found = predicted[0];
        return tables.Next[found + 1] < 0 ? (~tables.Next[found + 1], parent) : null;
    }

    private RowShape Shape(int[] dots)
    {
        int[] distinct = [.. dots.Distinct()];
        if (_shapes.TryGetValue(distinct, out var shape)) return shape;
        shape = RowShape.Of(tables, distinct);
        Work += shape.Count;
        _shapes.Add(distinct, shape);
        return shape;
    }
}

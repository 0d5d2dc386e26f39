using System.Runtime.InteropServices;

namespace ArchGen.Grammars.Parsing;

/// <summary>
/// A grammar over one vocabulary, with all that is known of it: states of the lexer, rows and states of the parser, masks. It grows with use and is shared
/// by all matchers of the grammar, which hold its lock while they use it.
/// </summary>
internal sealed partial class GrammarEngine
{
    private readonly GrammarTables _tables;
    private readonly GrammarLimits _limits;
    private readonly RowMaker _rows;
    private readonly Dictionary<ParserThread[], ParserState> _states = new(ThreadsComparer.Instance);
    private readonly List<(Row Row, int Lexer)> _moved = [];
    private readonly List<ParserThread> _threads = [];
    private readonly List<(Row Row, LexerState Lexer)> _ended = [];
    private readonly List<Row> _rowsWithEnds = [];
    private readonly List<ParserState> _statesWithNext = [];
    private long _moves;
    private long _workLimit = long.MaxValue;

    public GrammarEngine(GrammarTables tables, GrammarLimits limits, Vocabularies.TokenVocabulary vocabulary)
    {
        (_tables, _limits, _vocabulary) = (tables, limits, vocabulary);
        Lexer = new(new(tables.Regexes), tables.Lexemes, limits.LexerStates);
        _rows = new(tables, limits);
        _slices = [.. vocabulary.Slices.Select(slice => new SliceTest(slice.Automaton, Lexer))];
        _places = new object[vocabulary.LongestToken + 1];
        _lexers = new int[vocabulary.LongestToken + 1];
        Initial = InitialState();
    }

    public Lexer Lexer { get; }

    /// <summary>The state before any text.</summary>
    public ParserState Initial { get; }

    /// <summary>Whether so much of the limits has been used that a new matcher should have a new engine.</summary>
    public bool IsWorn => Lexer.Count > _limits.LexerStates / 2 || Lexer.Parts > (_tables.Regexes.Count + _limits.RegexParts) / 2;

    private long Work => Lexer.Work + _rows.Work + _moves;

    /// <summary>Sets how much may be spent until the next call, and forgets what is remembered when that has become too much.</summary>
    public void BeginWork()
    {
        if (_rows.Count > 20_000 || _states.Count > 50_000 || _masks.Count > 20_000) Forget();
        _workLimit = Work + _limits.StepsPerMask;
    }

    /// <summary>The position after a byte of a class; dead if the grammar allows none.</summary>
    public Position Step(Position position, int @class)
    {
        if (position.IsOpen) position = Resolve(position);
        if (position.State is not { } state)
        {
            var next = Lexer.Step(position.Lexer, @class);
            CheckWork();
            return next == Lexer.Dead ? new(ParserState.Dead) : new(position.Row!, next);
        }

        return new(state.Next?[@class] ?? Move(state, @class));
    }

    /// <summary>The position, with the lexemes that may end here ended and others gone on with.</summary>
    public Position Resolve(Position position)
    {
        if (!position.IsOpen) return position;
        var row = position.Row!;
        if (!EndsOf(row).TryGetValue(position.Lexer, out var state))
        {
            _moved.Clear();
            _moved.Add((row, position.Lexer));
            state = Combine();
            row.Ends!.Add(position.Lexer, state);
        }

        return new(state);
    }

    /// <summary>The state after a token that the grammar names by its id; dead if it names none such here.</summary>
    public ParserState StepToken(ParserState state, int token)
    {
        var isFound = false;
        foreach (var thread in state.Threads)
        {
            if (!thread.IsAtStart) continue;
            foreach (var set in thread.Row.Shape.TokenSets)
            {
                if (!IsIn(_tables.TokenSets[set], token)) continue;
                if (!isFound) _rows.Begin();
                _rows.Add(thread.Row, GrammarTables.Encode(SymbolKind.Token, set));
                isFound = true;
            }
        }

        CheckWork();
        if (!isFound) return ParserState.Dead;
        _threads.Clear();
        _threads.Add(StartOf(_rows.Finish(), isAfterIgnored: false));
        return Intern();
    }

    /// <summary>The state of all ways of two.</summary>
    public ParserState Union(ParserState a, Position b)
    {
        b = Resolve(b);
        if (b.IsDead) return a;
        _threads.Clear();
        _threads.AddRange(a.Threads);
        if (b.State is { } state) _threads.AddRange(state.Threads);
        else _threads.Add(new(b.Row!, b.Lexer, false, false));
        return Intern();
    }

    private bool IsIn(GrammarTokens set, int token) => set.Ids.Contains(token) != set.IsNegated && !(set.IsNegated && _vocabulary.IsEnd(token));

    private ParserState InitialState()
    {
        var row = _rows.First();
        _threads.Clear();
        _threads.Add(StartOf(row, isAfterIgnored: !_tables.IgnoresLeading) with { IsAfterIgnored = false });
        return Intern();
    }

    private ParserState Move(ParserState state, int @class)
    {
        if (state.Next is null)
        {
            state.Next = new ParserState?[Lexer.Classes];
            _statesWithNext.Add(state);
        }

        _moved.Clear();
        foreach (var thread in state.Threads)
        {
            var next = Lexer.Step(thread.Lexer, @class);
            if (next != Lexer.Dead && !_moved.Contains((thread.Row, next))) _moved.Add((thread.Row, next));
        }

        _moves += state.Threads.Length;
        CheckWork();
        var result = _moved.Count switch
        {
            0 => ParserState.Dead,
            1 when (_moved[0].Lexer & Lexer.Accepts) == 0 => new([new(_moved[0].Row, _moved[0].Lexer, false, false)], canEnd: false),
            _ => Combine(),
        };
        state.Next[@class] = result;
        return result;
    }

    private ParserThread StartOf(Row row, bool isAfterIgnored)
    {
        var shape = row.Shape;
        if (shape.StartOfLexeme < 0) shape.StartOfLexeme = Lexer.Start(shape.Lexemes);
        if (shape.Start < 0)
        {
            var allowsIgnored = _tables.IgnoredLexeme >= 0 && (_tables.IgnoresTrailing || shape.Lexemes.Length + shape.TokenSets.Length > 0);
            shape.Start = allowsIgnored ? Lexer.Start([.. shape.Lexemes, _tables.IgnoredLexeme]) : shape.StartOfLexeme;
        }

        return new(row, isAfterIgnored ? shape.StartOfLexeme : shape.Start, true, isAfterIgnored);
    }

    private ParserState Intern()
    {
        _threads.Sort(ThreadsComparer.Compare);
        var threads = CollectionsMarshal.AsSpan(_threads);
        var lookup = _states.GetAlternateLookup<ReadOnlySpan<ParserThread>>();
        if (lookup.TryGetValue(threads, out var state)) return state;
        var canEnd = false;
        foreach (var thread in threads)
        {
            canEnd |= thread.IsAtStart && thread.Row.CanEnd && (!thread.IsAfterIgnored || _tables.IgnoresTrailing);
        }

        state = new(threads.ToArray(), canEnd);
        _states.Add(state.Threads, state);
        return state;
    }

    private void CheckWork()
    {
        if (Work > _workLimit)
        {
            throw new RequestException(
                $"Which tokens the grammar allows here takes more than {_limits.StepsPerMask} steps to find. Make the grammar simpler or less ambiguous.");
        }
    }

    private void Forget()
    {
        foreach (var row in _rowsWithEnds) (row.Ends, row.RowsAfter) = (null, null);
        foreach (var state in _statesWithNext) state.Next = null;
        _rowsWithEnds.Clear();
        _statesWithNext.Clear();
        _rows.Clear();
        _states.Clear();
        _masks.Clear();
        _keptMasks.Clear();
    }
}

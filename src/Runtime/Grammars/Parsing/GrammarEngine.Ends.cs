namespace ArchGen.Grammars.Parsing;

/// <content>The ends of lexemes.</content>
internal sealed partial class GrammarEngine
{
    /// <summary>The state of the ways in <c>_moved</c>: lexemes that may end do, and those that have more to come also go on.</summary>
    private ParserState Combine()
    {
        _threads.Clear();
        _ended.Clear();
        foreach (var (row, lexer) in _moved)
        {
            var state = Lexer.State(lexer);
            if (state.GoesOn) _threads.Add(new(row, lexer & ~Lexer.Accepts, false, false));
            if (state.Accepted.Contains(_tables.IgnoredLexeme)) _threads.Add(StartOf(row, isAfterIgnored: true));
            if (state.Accepted.Length > 1 || (state.Accepted.Length == 1 && state.Accepted[0] != _tables.IgnoredLexeme)) _ended.Add((row, state));
        }

        if (_ended.Count > 0) _threads.Add(StartOf(RowAfterEnds(), isAfterIgnored: false));
        CheckWork();
        return Intern();
    }

    /// <summary>
    /// The row after the lexemes in <c>_ended</c>. That after one row is remembered by the lexemes: an identifier that may begin many keywords has
    /// as many states of the lexer, and one row after all of them.
    /// </summary>
    private Row RowAfterEnds()
    {
        var (first, set) = (_ended[0].Row, _ended[0].Lexer.AcceptedSet);
        if (_ended.Count == 1)
        {
            EndsOf(first);
            if (first.RowsAfter!.TryGetValue(set, out var known)) return known;
        }

        _rows.Begin();
        foreach (var (row, state) in _ended)
        {
            foreach (var lexeme in state.Accepted)
            {
                if (lexeme != _tables.IgnoredLexeme) _rows.Add(row, GrammarTables.Encode(SymbolKind.Lexeme, lexeme));
            }
        }

        var result = _rows.Finish();
        if (_ended.Count == 1) first.RowsAfter!.Add(set, result);
        return result;
    }

    private Dictionary<int, ParserState> EndsOf(Row row)
    {
        if (row.Ends is { } known) return known;
        (row.Ends, row.RowsAfter) = ([], []);
        _rowsWithEnds.Add(row);
        return row.Ends;
    }
}

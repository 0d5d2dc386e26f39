namespace ArchGen.Grammars.Parsing;

/// <summary>
/// One way to read the text so far: a row, and how far the lexer is in the lexemes that the row allows.
/// </summary>
/// <param name="IsAtStart">No byte has been read since the row.</param>
/// <param name="IsAfterIgnored">At a start: what is ignored between lexemes has been read already.</param>
internal readonly record struct ParserThread(Row Row, int Lexer, bool IsAtStart, bool IsAfterIgnored);

/// <summary>
/// All ways to read the text so far, as one state of an automaton over bytes that is made as it is walked. Equal sets of ways are one object.
/// </summary>
internal sealed class ParserState(ParserThread[] threads, bool canEnd)
{
    /// <summary>The state of a text that the grammar does not begin with.</summary>
    public static ParserState Dead { get; } = new([], canEnd: false);

    public ParserThread[] Threads { get; } = threads;

    /// <summary>Whether the text is complete here.</summary>
    public bool CanEnd { get; } = canEnd;

    /// <summary>The states after each class of bytes, as far as they are known.</summary>
    public ParserState?[]? Next { get; set; }

    /// <summary>Whether this is one way, inside a lexeme; the lexer's state may have the mark that the lexeme may end.</summary>
    public bool IsSingle { get; } = threads.Length == 1 && !threads[0].IsAtStart;
}

/// <summary>
/// The position of a text in a grammar: a state, or, where there is one way only and it is inside a lexeme, its row and the lexer's state, which needs no
/// object.
/// </summary>
internal readonly struct Position
{
    public Position(Row row, int lexer) => (Row, Lexer) = (row, lexer);

    public Position(ParserState state)
    {
        if (state.IsSingle) (Row, Lexer) = (state.Threads[0].Row, state.Threads[0].Lexer);
        else (State, Lexer) = (state, -1);
    }

    private Position(ParserState state, int lexer) => (State, Lexer) = (state, lexer);

    public Row? Row { get; }

    /// <summary>The lexer's state, with <see cref="Parsing.Lexer.Accepts"/> while it is open whether the lexeme ends; -1 for a state.</summary>
    public int Lexer { get; }

    public ParserState? State { get; }

    public bool IsDead => State == ParserState.Dead;

    /// <summary>The position of a state that is not single.</summary>
    public static Position Of(ParserState state) => new(state, -1);

    /// <summary>Whether the lexeme may end here, which <see cref="GrammarEngine.Resolve"/> must follow.</summary>
    public bool IsOpen => State is null && (Lexer & Parsing.Lexer.Accepts) != 0;
}

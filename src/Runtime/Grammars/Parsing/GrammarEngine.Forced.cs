namespace ArchGen.Grammars.Parsing;

internal sealed partial class GrammarEngine
{
    /// <summary>The byte that must come next; -1 if there is a choice, also of ending or of a token that has no bytes.</summary>
    public int OnlyByte(Position position)
    {
        position = Resolve(position);
        if (position.State is not { } state)
        {
            var lexer = Lexer.State(position.Lexer);
            if (lexer.Forced == 0) lexer.Forced = FindOnlyByte(position) + 2;
            return lexer.Forced - 2;
        }

        if (state.CanEnd || state == ParserState.Dead) return -1;
        foreach (var thread in state.Threads)
        {
            if (thread.IsAtStart && thread.Row.Shape.TokenSets.Length > 0) return -1;
        }

        return FindOnlyByte(position);
    }

    private int FindOnlyByte(Position position)
    {
        var only = -1;
        for (var @class = 0; @class < Lexer.Classes; @class++)
        {
            if (Step(position, @class).IsDead) continue;
            if (only >= 0 || Lexer.SizeOf(@class) > 1) return -1;
            only = Lexer.Representatives[@class];
        }

        return only;
    }
}

namespace ArchGen.Grammars;

/// <summary>A grammar that is ready to constrain texts. It can be shared by any number of matchers and threads.</summary>
public sealed class CompiledGrammar
{
    internal CompiledGrammar(GrammarBuilder builder, Symbol start) => (Limits, Start) = (builder.Limits, start);

    /// <summary>The bounds that the grammar is held to.</summary>
    public GrammarLimits Limits { get; }

    internal Symbol Start { get; }
}

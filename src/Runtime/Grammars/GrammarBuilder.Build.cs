namespace ArchGen.Grammars;

internal sealed partial class GrammarBuilder
{
    /// <summary>The grammar whose texts a symbol describes. The builder must not be used after.</summary>
    /// <exception cref="RequestException">Nothing can match, or a limit is exceeded.</exception>
    public CompiledGrammar Build(Symbol start) => new(this, start);
}

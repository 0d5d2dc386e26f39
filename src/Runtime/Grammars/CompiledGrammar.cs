using System.Runtime.CompilerServices;
using ArchGen.Grammars.Parsing;
using ArchGen.Grammars.Vocabularies;

namespace ArchGen.Grammars;

/// <summary>
/// A grammar that is ready to constrain texts. It can be shared by any number of matchers and threads, and remembers what they find out, so that one that is
/// used again is faster.
/// </summary>
public sealed class CompiledGrammar
{
    private readonly GrammarTables _tables;
    private readonly ConditionalWeakTable<TokenVocabulary, GrammarEngine> _engines = [];
    private readonly Lock _lock = new();

    internal CompiledGrammar(GrammarTables tables, GrammarLimits limits) => (_tables, Limits) = (tables, limits);

    /// <summary>The bounds that the grammar is held to.</summary>
    public GrammarLimits Limits { get; }

    internal GrammarEngine EngineFor(TokenVocabulary vocabulary)
    {
        lock (_lock)
        {
            if (_engines.TryGetValue(vocabulary, out var engine) && !engine.IsWorn) return engine;
            engine = new(_tables, Limits, vocabulary);
            _engines.AddOrUpdate(vocabulary, engine);
            return engine;
        }
    }
}

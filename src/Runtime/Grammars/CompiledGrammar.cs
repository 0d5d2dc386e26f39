using System.Runtime.CompilerServices;
using ArchGen.Grammars.Gbnf;
using ArchGen.Grammars.Lark;
using ArchGen.Grammars.Parsing;
using ArchGen.Grammars.Regexes;
using ArchGen.Grammars.Vocabularies;
using ArchGen.Tokenizers;

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

    /// <summary>The bounds on what the grammar may cost.</summary>
    public GrammarLimits Limits { get; }

    /// <summary>The texts that a regular expression matches as a whole.</summary>
    /// <param name="pattern">
    /// What ECMAScript, Rust and Python have in common: classes, groups, repetitions, anchors, properties of Unicode, the flags i and s. Lookarounds,
    /// backreferences and word boundaries are refused.
    /// </param>
    /// <param name="limits">Bounds on what it may cost.</param>
    /// <exception cref="RequestException">The pattern is wrong, not supported, or too large; line, column and a caret say where.</exception>
    public static CompiledGrammar FromRegex(string pattern, GrammarLimits? limits = null)
    {
        GrammarBuilder builder = new(limits);
        var syntax = RegexSyntax.WholeText with { Nesting = builder.Limits.Nesting, Characters = builder.Limits.Characters };
        return builder.Build(builder.Lexeme(RegexParser.Parse(builder.Regexes, pattern, syntax)));
    }

    /// <summary>One of several texts.</summary>
    /// <exception cref="RequestException">There are none, or they are too long.</exception>
    public static CompiledGrammar FromChoices(IEnumerable<string> choices, GrammarLimits? limits = null)
    {
        GrammarBuilder builder = new(limits);
        return builder.Build(builder.Lexeme(builder.Regexes.Literals(choices)));
    }

    /// <summary>The texts of a grammar in GBNF, as llama.cpp has it.</summary>
    /// <param name="grammar">Rules, one of which is <c>root</c>.</param>
    /// <param name="tokenizer">Needed where the grammar names tokens by their text, such as <c>&lt;think&gt;</c>.</param>
    /// <param name="limits">Bounds on what it may cost.</param>
    /// <exception cref="RequestException">The grammar is wrong or too large; line, column and a caret say where.</exception>
    public static CompiledGrammar FromGbnf(string grammar, Tokenizer? tokenizer = null, GrammarLimits? limits = null)
    {
        GrammarBuilder builder = new(limits);
        return builder.Build(GbnfParser.Parse(builder, grammar, tokenizer));
    }

    /// <summary>The texts of a grammar in the way of Lark, with llguidance's additions.</summary>
    /// <param name="grammar">Rules, one of which is <c>start</c>, and terminals.</param>
    /// <param name="tokenizer">Needed where the grammar names tokens by their text, such as <c>&lt;think&gt;</c>.</param>
    /// <param name="limits">Bounds on what it may cost.</param>
    /// <exception cref="RequestException">The grammar is wrong, not supported, or too large; line, column and a caret say where.</exception>
    public static CompiledGrammar FromLark(string grammar, Tokenizer? tokenizer = null, GrammarLimits? limits = null)
    {
        GrammarBuilder builder = new(limits);
        return builder.Build(LarkParser.Parse(builder, grammar, tokenizer, json: null));
    }

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

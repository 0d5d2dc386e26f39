using System.Runtime.CompilerServices;
using System.Text.Json;
using ArchGen.Grammars.Gbnf;
using ArchGen.Grammars.JsonSchema;
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
        ArgumentNullException.ThrowIfNull(pattern);
        GrammarBuilder builder = new(limits);
        var syntax = RegexSyntax.Unicode with { Nesting = builder.Limits.Nesting, Characters = builder.Limits.Characters };
        return builder.Build(builder.Lexeme(RegexParser.Parse(builder.Regexes, pattern, syntax)));
    }

    /// <summary>One of several texts.</summary>
    /// <exception cref="RequestException">There are none, or they are too long.</exception>
    public static CompiledGrammar FromChoices(IEnumerable<string> choices, GrammarLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(choices);
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
        ArgumentNullException.ThrowIfNull(grammar);
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
        ArgumentNullException.ThrowIfNull(grammar);
        GrammarBuilder builder = new(limits);
        var start = LarkParser.Parse(builder, grammar, tokenizer, static (rules, schema) => JsonSchemaGrammar.AddTo(rules, schema, JsonSchemaOptions.Default));
        return builder.Build(start);
    }

    /// <summary>
    /// The documents that satisfy a JSON schema: draft 2020-12, and the spellings of drafts 4 to 2019-09. What the grammar accepts is valid; a keyword that a
    /// prefix of a document cannot decide is an error with its path, never ignored. Properties come in the order of the schema.
    /// </summary>
    /// <param name="schema">The schema as JSON.</param>
    /// <param name="options">Null for <see cref="JsonSchemaOptions.Default"/>.</param>
    /// <exception cref="RequestException">The text is no JSON; the schema is invalid, cannot be decided by a prefix, or is too large; no document satisfies
    /// it. The message has the path of the keyword.</exception>
    public static CompiledGrammar FromJsonSchema(string schema, JsonSchemaOptions? options = null) => JsonSchemaGrammar.Compile(schema, options);

    /// <inheritdoc cref="FromJsonSchema(string, JsonSchemaOptions?)"/>
    public static CompiledGrammar FromJsonSchema(JsonElement schema, JsonSchemaOptions? options = null) => JsonSchemaGrammar.Compile(schema, options);

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

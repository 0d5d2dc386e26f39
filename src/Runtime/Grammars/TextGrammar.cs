using System.Globalization;
using System.Text;
using System.Text.Json;
using ArchGen.Grammars.Gbnf;
using ArchGen.Grammars.JsonSchema;
using ArchGen.Grammars.Lark;
using ArchGen.Grammars.Regexes;
using ArchGen.Tokenizers;

namespace ArchGen.Grammars;

/// <summary>How a grammar is written.</summary>
internal enum GrammarNotation
{
    /// <summary>A JSON schema.</summary>
    JsonSchema,

    /// <summary>llama.cpp's GBNF.</summary>
    Gbnf,

    /// <summary>Lark with llguidance's additions.</summary>
    Lark,

    /// <summary>A regular expression of the whole text.</summary>
    Regex,

    /// <summary>A list of texts.</summary>
    Choices,
}

/// <summary>A grammar of a text as it is written. It can be compiled alone, or be a part of a larger grammar.</summary>
internal sealed class TextGrammar
{
    // Small models like to write line breaks for ever.
    private const int MaxSpaces = 12;

    private readonly IReadOnlyList<string> _texts;

    private TextGrammar(GrammarNotation notation, params IReadOnlyList<string> texts) => (Notation, _texts) = (notation, texts);

    /// <summary>How it is written.</summary>
    public GrammarNotation Notation { get; }

    /// <summary>Equal for equal grammars.</summary>
    public string Key
    {
        get
        {
            var key = new StringBuilder(Notation.ToString());
            foreach (var text in _texts) key.Append(CultureInfo.InvariantCulture, $"|{text.Length}:").Append(text);
            return key.ToString();
        }
    }

    /// <summary>The documents that satisfy a JSON schema.</summary>
    public static TextGrammar JsonSchema(JsonElement schema) => new(GrammarNotation.JsonSchema, schema.GetRawText());

    /// <summary>The texts of a grammar in GBNF.</summary>
    public static TextGrammar Gbnf(string grammar) => new(GrammarNotation.Gbnf, grammar);

    /// <summary>The texts of a grammar in the way of Lark.</summary>
    public static TextGrammar Lark(string grammar) => new(GrammarNotation.Lark, grammar);

    /// <summary>The texts that a regular expression matches as a whole.</summary>
    public static TextGrammar Regex(string pattern) => new(GrammarNotation.Regex, pattern);

    /// <summary>One of several texts.</summary>
    public static TextGrammar Choices(IReadOnlyList<string> choices) => new(GrammarNotation.Choices, choices);

    /// <summary>The grammar of the text alone.</summary>
    /// <param name="tokenizer">Needed where the grammar names tokens by their text.</param>
    /// <exception cref="RequestException">It is wrong, not supported, or too large.</exception>
    public CompiledGrammar Compile(Tokenizer tokenizer)
    {
        var builder = new GrammarBuilder();
        var start = AddTo(builder, tokenizer);
        if (Notation == GrammarNotation.JsonSchema) builder.Ignore(Spaces(builder), isRepeated: false);
        return builder.Build(start);
    }

    /// <summary>Adds it to a grammar. The white space between the parts of JSON is the caller's: <see cref="Spaces"/>.</summary>
    /// <exception cref="RequestException">As for <see cref="Compile"/>.</exception>
    public Symbol AddTo(GrammarBuilder builder, Tokenizer? tokenizer) => Notation switch
    {
        GrammarNotation.Gbnf => GbnfParser.Parse(builder, _texts[0], tokenizer),
        GrammarNotation.Lark => LarkParser.Parse(
            builder, _texts[0], tokenizer, static (rules, schema) => JsonSchemaGrammar.AddTo(rules, schema, JsonSchemaOptions.Default)),
        GrammarNotation.Regex => builder.Lexeme(RegexParser.Parse(builder.Regexes, _texts[0], RegexSyntax.Unicode with
        {
            Nesting = builder.Limits.Nesting, Characters = builder.Limits.Characters,
        })),
        GrammarNotation.Choices => builder.Lexeme(builder.Regexes.Literals(_texts)),
        _ => AddSchemaTo(builder),
    };

    /// <summary>A bounded number of spaces and ends of line.</summary>
    public static Regex Spaces(GrammarBuilder builder) => builder.Regexes.Repeat(
        builder.Regexes.Bytes(ByteSet.Of((byte)' ') | ByteSet.Of((byte)'\t') | ByteSet.Of((byte)'\n') | ByteSet.Of((byte)'\r')), 1, MaxSpaces);

    private Symbol AddSchemaTo(GrammarBuilder builder)
    {
        using var schema = JsonDocument.Parse(_texts[0], new JsonDocumentOptions { MaxDepth = 256 });
        return JsonSchemaGrammar.AddTo(builder, schema.RootElement, JsonSchemaOptions.Default);
    }
}

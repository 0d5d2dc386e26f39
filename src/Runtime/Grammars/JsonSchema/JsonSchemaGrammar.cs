using System.Text.Json;
using ArchGen.Grammars.JsonSchema.Patterns;
using ArchGen.Grammars.JsonSchema.Reading;
using ArchGen.Grammars.JsonSchema.Sets;
using ArchGen.Grammars.JsonSchema.Writing;
using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.JsonSchema;

/// <summary>
/// Grammars of JSON schemas: draft 2020-12, and the spellings of drafts 4 to 2019-09. What the grammar accepts satisfies the schema; a keyword that a prefix
/// of a document cannot decide is an error with its path, never ignored.
/// </summary>
internal static class JsonSchemaGrammar
{
    private const int MaxNesting = 256;

    /// <summary>The grammar of the documents that satisfy a schema.</summary>
    /// <param name="schema">The schema as JSON text.</param>
    /// <param name="options">Null for <see cref="JsonSchemaOptions.Default"/>.</param>
    /// <exception cref="RequestException">The text is no JSON; the schema is invalid, cannot be decided by a prefix, or is too large; no document satisfies
    /// it. The message has the path of the keyword.</exception>
    public static CompiledGrammar Compile(string schema, JsonSchemaOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        options ??= JsonSchemaOptions.Default;
        GrammarBuilder grammar = new(options.Limits);
        var start = AddTo(grammar, schema, options);
        if (options.AllowWhitespace) grammar.Ignore(grammar.Regexes.Plus(grammar.Regexes.Bytes(Whitespace)));
        return grammar.Build(start);
    }

    /// <inheritdoc cref="Compile(string, JsonSchemaOptions?)"/>
    public static CompiledGrammar Compile(JsonElement schema, JsonSchemaOptions? options = null) => Compile(schema.GetRawText(), options);

    /// <summary>Adds the rules of a schema to a grammar. Whitespace is the caller's: <see cref="GrammarBuilder.Ignore"/>.</summary>
    /// <returns>The symbol of a document.</returns>
    /// <exception cref="RequestException">As for <see cref="Compile(string, JsonSchemaOptions?)"/>.</exception>
    internal static Symbol AddTo(GrammarBuilder grammar, JsonElement schema, JsonSchemaOptions options) => AddTo(grammar, schema.GetRawText(), options);

    private static Symbol AddTo(GrammarBuilder grammar, string schema, JsonSchemaOptions options)
    {
        Check(schema);
        try
        {
            using var json = JsonDocument.Parse(schema, new() { MaxDepth = MaxNesting, AllowDuplicateProperties = false });
            SchemaDocument document = new(json.RootElement);
            StringSets strings = new(grammar.Regexes);
            SchemaReader reader = new(document, new PatternCompiler(grammar.Regexes, strings), options);
            SetAlgebra algebra = new(strings, new TermTable(), reader.Read);
            return new GrammarWriter(algebra, grammar).Write(algebra.Terms.Of(document.Root));
        }
        catch (JsonException exception)
        {
            throw new RequestException(
                $"The JSON schema is not valid JSON, or has a name twice or more than {MaxNesting} levels: {exception.Message}", exception);
        }
        catch (SchemaException exception)
        {
            throw exception.AsRequest();
        }
    }

    private static void Check(string schema)
    {
        if (SurrogateHalf.Find(schema) is { } half) throw new RequestException($"The JSON schema has {half}, half of a character. Write the whole pair.");
    }

    private static ByteSet Whitespace => ByteSet.Of((byte)' ') | ByteSet.Of((byte)'\t') | ByteSet.Of((byte)'\n') | ByteSet.Of((byte)'\r');
}

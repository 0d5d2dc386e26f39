using System.Diagnostics;
using System.Text.Json;
using ArchGen.Grammars;
using ArchGen.Grammars.JsonSchema;
using ArchGen.Tokenizers;

namespace ArchGen.CommandLine.Commands;

/// <summary>
/// Measures grammars of JSON schemas as MaskBench does (github.com/guidance-ai/jsonschemabench): each document is fed token by token, and before each token the
/// mask is computed and timed.
/// </summary>
internal sealed class GrammarBench(Tokenizer tokenizer, JsonSchemaOptions options)
{
    private readonly uint[] _mask = new uint[(tokenizer.Vocabulary.Count + 31) / 32];

    /// <summary>Compiles a schema and feeds its documents.</summary>
    /// <param name="line">An object with <c>name</c>, <c>schema</c> and <c>tests</c>, each with <c>valid</c> and <c>data</c>.</param>
    /// <param name="where">The line, for messages.</param>
    /// <exception cref="RequestException">The line is of another form.</exception>
    public GrammarBenchSchema Measure(JsonElement line, string where, CancellationToken cancellation)
    {
        if (line.ValueKind != JsonValueKind.Object || !line.TryGetProperty("schema", out var schema))
        {
            throw new RequestException($"{where} has no \"schema\". Give lines {{\"name\", \"schema\", \"tests\": [{{\"valid\", \"data\"}}]}}.");
        }

        var name = line.TryGetProperty("name", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : where;
        var documents = Documents(line, where).ToArray();
        GrammarBenchSchema result = new(name);
        var start = Stopwatch.GetTimestamp();
        try
        {
            var grammar = CompiledGrammar.FromJsonSchema(schema, options);
            _ = new GrammarMatcher(grammar, tokenizer);
            result.CompileTime = Stopwatch.GetElapsedTime(start);
            foreach (var (valid, data) in documents)
            {
                cancellation.ThrowIfCancellationRequested();
                Feed(grammar, data, valid, result);
            }
        }
        catch (RequestException exception)
        {
            result.CompileTime = Stopwatch.GetElapsedTime(start);
            result.Refusal = exception.Message;
        }

        return result;
    }

    private static IEnumerable<(bool Valid, JsonElement Data)> Documents(JsonElement line, string where)
    {
        if (!line.TryGetProperty("tests", out var tests) || tests.ValueKind != JsonValueKind.Array) yield break;
        foreach (var test in tests.EnumerateArray())
        {
            if (test.ValueKind != JsonValueKind.Object || !test.TryGetProperty("data", out var data) || !test.TryGetProperty("valid", out var valid)
                || valid.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                throw new RequestException($"{where} has a test without \"valid\" and \"data\".");
            }

            yield return (valid.GetBoolean(), data);
        }
    }

    private void Feed(CompiledGrammar grammar, JsonElement data, bool isValid, GrammarBenchSchema result)
    {
        result.Documents++;
        GrammarMatcher matcher = new(grammar, tokenizer);
        var (isAccepted, count) = (true, 0);
        foreach (var token in AnswerTokens.Of(tokenizer, DocumentText.Of(data)))
        {
            result.Tokens++;
            count++;
            var start = Stopwatch.GetTimestamp();
            try
            {
                matcher.ComputeMask(_mask);
            }
            catch (RequestException exception)
            {
                result.LimitErrors++;
                result.Limit ??= exception.Message;
                isAccepted = false;
                break;
            }

            result.MaskTimes.Add(Stopwatch.GetTimestamp() - start);
            isAccepted = (_mask[token >> 5] >> (token & 31) & 1) != 0 && matcher.TryAccept(token);
            if (!isAccepted) break;
        }

        isAccepted &= matcher.CanEnd;
        if (isAccepted && !isValid) result.WronglyAccepted++;
        if (isAccepted || !isValid) return;
        result.WronglyRefused++;
        result.FirstRefused ??= $"document {result.Documents}, token {count}";
    }
}

/// <summary>The figures of one schema.</summary>
internal sealed class GrammarBenchSchema(string name)
{
    public string Name { get; } = name;

    /// <summary>Why the schema was refused; null if it was compiled.</summary>
    public string? Refusal { get; set; }

    /// <summary>The time from the schema to a matcher before the first token.</summary>
    public TimeSpan CompileTime { get; set; }

    public int Documents { get; set; }

    public int Tokens { get; set; }

    /// <summary>Invalid documents that were accepted.</summary>
    public int WronglyAccepted { get; set; }

    /// <summary>Valid documents that were refused, those at a limit among them.</summary>
    public int WronglyRefused { get; set; }

    /// <summary>Where the first valid document was refused.</summary>
    public string? FirstRefused { get; set; }

    /// <summary>Documents at which a limit of the grammar was exceeded.</summary>
    public int LimitErrors { get; set; }

    /// <summary>The message of the first such limit.</summary>
    public string? Limit { get; set; }

    /// <summary>The times of the masks in ticks of <see cref="Stopwatch"/>.</summary>
    public List<long> MaskTimes { get; } = [];

    public bool IsPassed => Refusal is null && WronglyAccepted == 0 && WronglyRefused == 0;
}

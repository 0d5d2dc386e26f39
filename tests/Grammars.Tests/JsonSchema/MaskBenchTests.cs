using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ArchGen.Fixtures;

namespace ArchGen.Grammars.Tests.JsonSchema;

/// <summary>2,000 published schemas of MaskBench, byte by byte: the counts, and nothing invalid accepted.</summary>
public sealed class MaskBenchTests(ITestOutputHelper output)
{
    private const string Schemas = "json-schema/maskbench.dev.jsonl.gz";

    [LargeFixtureFact(Schemas)]
    public void No_invalid_document_is_accepted_and_most_schemas_pass()
    {
        var (count, refused, passed, wronglyRefused) = (0, 0, 0, 0);
        using StreamReader reader = new(new GZipStream(File.OpenRead(SharedFixtures.FindLarge(Schemas)!), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            count++;
            var schema = SchemaUnderTest.Parse(line);
            var name = schema.GetProperty("name").GetString();
            if (Compile(schema.GetProperty("schema"), name!) is not { } grammar)
            {
                refused++;
                continue;
            }

            var wrong = 0;
            foreach (var test in schema.GetProperty("tests").EnumerateArray())
            {
                var isAccepted = IsAccepted(new(grammar, Texts.Vocabulary), SchemaUnderTest.Text(test.GetProperty("data")));
                if (!test.GetProperty("valid").GetBoolean()) Assert.False(isAccepted, $"{name}: {test.GetProperty("data")}");
                else if (!isAccepted) wrong++;
            }

            if (wrong == 0) passed++;
            else output.WriteLine($"{name}: {wrong} valid documents refused");
            wronglyRefused += wrong;
        }

        output.WriteLine($"{count} schemas, {passed} passed, {refused} refused; {wronglyRefused} valid documents refused");
        Assert.Equal(2000, count);
        Assert.True(passed >= 1940, $"{passed}");
    }

    private CompiledGrammar? Compile(JsonElement schema, string name)
    {
        try
        {
            return CompiledGrammar.FromJsonSchema(schema);
        }
        catch (RequestException exception)
        {
            output.WriteLine($"{name}: {exception.Message}");
            return null;
        }
    }

    private static bool IsAccepted(GrammarMatcher matcher, string text)
    {
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (!matcher.TryAccept(value)) return false;
        }

        return matcher.CanEnd;
    }
}

using System.Text.Json;
using ArchGen.Grammars.JsonSchema;

namespace ArchGen.Grammars.Tests.JsonSchema;

/// <summary>Random schemas and documents against an independent validator.</summary>
public sealed class RandomSchemaTests(ITestOutputHelper output)
{
    /// <summary>What the grammar accepts is valid, and of what is valid it accepts some order of the properties.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_grammar_and_the_validator_agree(int seed)
    {
        var (compiled, refused, accepted) = (0, 0, 0);
        for (var i = 0; i < 250; i++)
        {
            RandomSchema random = new((seed * 100_000) + i);
            var text = random.Schema();
            var schema = SchemaUnderTest.Parse(text);
            SmallValidator validator = new(schema);
            if (Compile(schema, text) is not { } grammar)
            {
                refused++;
                continue;
            }

            compiled++;
            for (var j = 0; j < 40; j++)
            {
                var document = random.Document(2);
                var isValid = validator.IsValid(SchemaUnderTest.Parse(document));
                if (!isValid) Assert.False(grammar.Accepts(document), $"{text}\naccepts {document}");
                if (isValid) Assert.True(Orders(document).Any(grammar.Accepts), $"{text}\nrefuses {document}");
                if (isValid) accepted++;
            }
        }

        output.WriteLine($"{compiled} compiled, {refused} refused, {accepted} documents accepted");
        Assert.True(compiled > 8 * refused, $"{compiled} {refused}");
        Assert.True(accepted > 1000, $"{accepted}");
    }

    private static SchemaUnderTest? Compile(JsonElement schema, string text)
    {
        try
        {
            return SchemaUnderTest.Of(schema, JsonSchemaOptions.Default);
        }
        catch (RequestException exception)
        {
            Assert.True(exception.Message.Contains(": #", StringComparison.Ordinal), $"{text}\n{exception.Message}");
            return null;
        }
    }

    /// <summary>The document with its properties in each order.</summary>
    private static IEnumerable<string> Orders(string document) => Orders(SchemaUnderTest.Parse(document));

    private static IEnumerable<string> Orders(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                return Products([.. value.EnumerateArray().Select(Orders)]).Select(items => $"[{string.Join(',', items)}]");
            case JsonValueKind.Object:
                var members = value.EnumerateObject().Select(member => Orders(member.Value).Select(inner => $"\"{member.Name}\":{inner}")).ToArray();
                return Permutations([.. members]).SelectMany(order => Products(order)).Select(parts => $"{{{string.Join(',', parts)}}}");
            default:
                return [value.GetRawText()];
        }
    }

    private static IEnumerable<List<string>> Products(List<IEnumerable<string>> parts) =>
        parts.Aggregate((IEnumerable<List<string>>)[[]], (lists, part) => lists.SelectMany(list => part.Select(item => (List<string>)[.. list, item])));

    private static IEnumerable<List<T>> Permutations<T>(List<T> items) =>
        items.Count < 2 ? [items] : items.SelectMany((item, i) => Permutations([.. items.Where((_, j) => j != i)]).Select(rest => (List<T>)[item, .. rest]));
}

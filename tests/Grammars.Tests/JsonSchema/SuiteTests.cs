using System.Text.Json;
using ArchGen.Fixtures;

namespace ArchGen.Grammars.Tests.JsonSchema;

/// <summary>The JSON Schema Test Suite for draft 2020-12: what it calls invalid is never accepted.</summary>
public sealed class SuiteTests(ITestOutputHelper output)
{
    // Files in which schemas are refused: references outside the document, references that depend on the path to them, unique items, divisors of many digits,
    // and formats that are not regular.
    private static readonly string[] Refused =
    [
        "defs.json", "dynamicRef.json", "format.json", "multipleOf.json", "optional/anchor.json", "optional/cross-draft.json", "optional/dynamicRef.json",
        "optional/ecmascript-regex.json", "optional/format-assertion.json", "optional/format/ecmascript-regex.json", "optional/format/regex.json",
        "ref.json", "refRemote.json", "unevaluatedItems.json", "unevaluatedProperties.json", "uniqueItems.json", "vocabulary.json",
    ];

    public static TheoryData<string> Files =>
        [.. Paths.Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/'))];

    private static IEnumerable<string> Paths => Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static string Folder => SharedFixtures.Local("json-schema/suite-2020-12");

    [Theory]
    [MemberData(nameof(Files))]
    public void Nothing_is_accepted_that_the_suite_calls_invalid(string file)
    {
        foreach (var group in SchemaUnderTest.Parse(File.ReadAllText(Path.Combine(Folder, file))).EnumerateArray())
        {
            var name = group.GetProperty("description").GetString();
            SchemaUnderTest schema;
            try
            {
                schema = SchemaUnderTest.Of(group.GetProperty("schema"));
            }
            catch (RequestException exception)
            {
                output.WriteLine($"{name}: {exception.Message}");
                Assert.True(Refused.Contains(file), $"{name}: {exception.Message}");
                Assert.StartsWith("The JSON schema cannot be used: #", exception.Message, StringComparison.Ordinal);
                continue;
            }

            foreach (var test in group.GetProperty("tests").EnumerateArray().Where(test => !test.GetProperty("valid").GetBoolean()))
            {
                Assert.False(schema.Accepts(SchemaUnderTest.Text(test.GetProperty("data"))), $"{name}: {test.GetProperty("description")}");
            }
        }
    }

    /// <summary>
    /// Outside of formats, whose rare forms are refused, valid documents are refused only for the order of their properties, or as 1.0 for 1.
    /// </summary>
    [Fact]
    public void What_the_suite_calls_valid_is_accepted_but_for_known_spellings()
    {
        List<string> refused = [];
        var accepted = 0;
        foreach (var path in Paths.Where(path => !path.Contains("format", StringComparison.Ordinal)))
        {
            foreach (var group in SchemaUnderTest.Parse(File.ReadAllText(path)).EnumerateArray())
            {
                if (Compile(group) is not { } schema) continue;
                foreach (var test in group.GetProperty("tests").EnumerateArray().Where(test => test.GetProperty("valid").GetBoolean()))
                {
                    if (schema.Accepts(SchemaUnderTest.Text(test.GetProperty("data")))) accepted++;
                    else refused.Add($"{Path.GetFileName(path)}: {group.GetProperty("description")}: {test.GetProperty("data").GetRawText()}");
                }
            }
        }

        output.WriteLine($"{accepted} accepted");
        foreach (var line in refused.Order(StringComparer.Ordinal)) output.WriteLine(line);
        Assert.True(refused.Count <= 20, string.Join('\n', refused));
        Assert.True(accepted >= 560, $"{accepted}");
    }

    private static SchemaUnderTest? Compile(JsonElement group)
    {
        try
        {
            return SchemaUnderTest.Of(group.GetProperty("schema"));
        }
        catch (RequestException)
        {
            return null;
        }
    }
}

using ArchGen.Chat.Answers;
using ArchGen.Chat.Formats;
using ArchGen.Fixtures;

namespace ArchGen.Chat.Tests.Formats;

/// <summary>What a template writes for calls is read as the same calls, however it is divided.</summary>
public sealed class RoundTripTests
{
    private const string Texts = """{"city": "Zürich", "unit": "two words"}""";
    private const string Values = """{"city": "São\nPaulo", "count": 2.5, "flag": true, "list": [1, 2], "inner": {"key": "v", "more": [{"x": 1}]}}""";

    public static TheoryData<string> Own => [.. TestTemplates.Own];

    [Theory]
    [MemberData(nameof(Own))]
    public void Calls_of_each_family_are_read_as_written(string name)
    {
        var template = TestTemplates.Open(name);
        Assert.True(template.CanCallTools);
        AssertRoundTrip(template, expectSecond: name != "bare");
    }

    [LargeFixtureFact("chat/templates")]
    public void Calls_of_published_templates_are_read_as_written()
    {
        var count = 0;
        foreach (var path in TestTemplates.Published())
        {
            var template = TestTemplates.OpenFile(path);
            if (!template.CanCallTools || !TestTemplates.WritesCalls(path)) continue;
            count++;
            try
            {
                AssertRoundTrip(template, expectSecond: false);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"{Path.GetFileName(path)}: {error.Message}", error);
            }
        }

        // Of the 77; the others do not write calls, or refuse every conversation with tools.
        Assert.True(count >= 54, $"Only {count} templates write calls.");
    }

    [Theory]
    [MemberData(nameof(Own))]
    public void Wrong_fixed_texts_are_not_read(string name)
    {
        // The check would be worth nothing if a parser of any other format read the calls as well.
        var template = TestTemplates.Open(name);
        var written = WrittenCalls.Of(template, Texts)!;
        var broken = written.Text.Replace("zip_a", "zip_a\"", StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => written.AssertCalls(written.Read(broken)));
    }

    private static void AssertRoundTrip(ArchGen.Chat.Prompts.ChatTemplate template, bool expectSecond)
    {
        string[][] cases = [[Texts], [Values], ["{}"], [Texts, Values], [Values, "{}"]];
        foreach (var arguments in cases)
        {
            if (arguments.Length > 1 && !template.Format.ToolCalls!.IsParallel)
            {
                Assert.False(expectSecond);
                continue;
            }

            if (WrittenCalls.Of(template, arguments) is not { } written) continue;
            foreach (var size in new[] { int.MaxValue, 1, 2, 3, 7 })
                written.AssertCalls(written.Read(written.Text.Chunk(size).Select(part => new string(part))));
        }
    }
}

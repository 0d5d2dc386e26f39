using System.Text.Json.Nodes;
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
    public void Arguments_are_reported_while_they_are_written(string name)
    {
        var written = WrittenCalls.Of(TestTemplates.Open(name), Values)!;
        var reports = WrittenCalls.AssertCallPartsAddUp(written.ReadWithCallParts(written.Text.Select(c => c.ToString())));
        // Python's notation and the like are known value by value.
        Assert.InRange(reports, name is "python" or "tagged" ? 6 : 60, 400);
    }

    [Fact]
    public void A_long_text_between_marks_is_reported_while_it_is_written()
    {
        var story = string.Concat(Enumerable.Repeat("Once upon a time </p>\n \"é\".\n", 20));
        var written = WrittenCalls.Of(TestTemplates.Open("tagged"), new JsonObject { ["city"] = story }.ToJsonString())!;
        var parts = written.ReadWithCallParts(written.Text.Select(c => c.ToString()));
        written.AssertCalls(written.Read(written.Text));
        Assert.True(WrittenCalls.AssertCallPartsAddUp(parts) > 300);
    }

    [Theory]
    [MemberData(nameof(Own))]
    public void A_call_that_breaks_off_has_the_arguments_that_came(string name)
    {
        var written = WrittenCalls.Of(TestTemplates.Open(name), Values)!;
        for (var length = 1; length < written.Text.Length; length++)
        {
            var text = written.Text[..length];
            var parts = written.ReadWithCallParts(text.Select(c => c.ToString()));
            WrittenCalls.AssertCallPartsAddUp(parts);
            Assert.Equal(Joined(written.ReadWithCallParts([text])), Joined(parts));
        }
    }

    private static string Joined(IEnumerable<AnswerPart> parts) =>
        string.Concat(parts.Select(part => part is AnswerToolCallArguments arguments ? arguments.Text : part is AnswerText text ? text.Text : $"\n{part}\n"));

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
            {
                var chunks = written.Text.Chunk(size).Select(part => new string(part)).ToList();
                var whole = written.Read(chunks);
                written.AssertCalls(whole);
                var parts = written.ReadWithCallParts(chunks);
                WrittenCalls.AssertCallPartsAddUp(parts);
                Assert.Equal(whole, parts.Where(part => part is not (AnswerToolCallBegin or AnswerToolCallArguments)));
            }
        }
    }
}

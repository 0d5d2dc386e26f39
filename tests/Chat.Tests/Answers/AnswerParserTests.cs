using System.Text;
using ArchGen.Chat.Answers;
using ArchGen.Chat.Formats;
using CsCheck;

namespace ArchGen.Chat.Tests.Answers;

/// <summary>An answer that comes in parts: what was reported is never revised, and nothing is lost.</summary>
public sealed class AnswerParserTests
{
    private static readonly string[] Pieces =
    [
        "Hello", " ", "\n", "<", "<t", "<think>", "</think>", "</thi", "<tool_call>", "<tool_", "</tool_call>", "{", "}", "\"", "[", "]", "1 < 2", "é", "🎈",
        "{\"name\": \"zip_a\", \"arguments\": {}}", "<tool_call>\n{\"name\": \"zip_a\", \"arguments\": {\"city\": \"x\"}}\n</tool_call>",
        "<call>", "<fn=zip_a>", "<arg=city>", "</arg>", "</fn>", "</call>", "<calls>[", "]</calls>", "<|section|>",
        "<|call|>functions.zip_a:0<|args|>{}<|/call|>",
        "<run>[zip_a(city='x')", ")]</run>",
    ];

    public static TheoryData<string> Own => [.. TestTemplates.Own];

    [Theory]
    [MemberData(nameof(Own))]
    public void What_was_reported_is_never_revised(string name)
    {
        var template = TestTemplates.Open(name);
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 12].Sample(pieces =>
        {
            var text = string.Concat(pieces);
            var whole = Read(template.Format, [text]);
            // Each prefix, one character at a time: each report must go on where the last one ended.
            var parser = Parser(template.Format);
            var parts = new List<AnswerPart>();
            for (var i = 0; i < text.Length; i++)
            {
                var before = parts.Count;
                parser.Append(text[i].ToString(), parts);
                Assert.True(IsPrefix(Joined(parts), whole), $"{name}: after {i + 1} characters of {text}");
                Assert.True(parts.Count >= before);
            }

            parser.Finish(parts);
            Assert.Equal(whole, Joined(parts));
            // The same with the parts of calls.
            var inParts = ReadWithCallParts(template.Format, text.Select(c => c.ToString()));
            WrittenCalls.AssertCallPartsAddUp(inParts);
            Assert.Equal(WithCallParts(ReadWithCallParts(template.Format, [text])), WithCallParts(inParts));
            Assert.Equal(parts.OfType<AnswerToolCall>(), inParts.OfType<AnswerToolCall>());
        }, iter: 400, seed: "0000000000002");
    }

    [Theory]
    [MemberData(nameof(Own))]
    public void A_text_without_marks_is_reported_as_it_is(string name)
    {
        var template = TestTemplates.Open(name);
        const string text = "  One < two, [three] {four}.\n\n  Five  ";
        Assert.Equal([("text", text)], Joined(Read(template.Format, text)));
    }

    [Fact]
    public void Thinking_is_apart_from_the_answer()
    {
        var format = TestTemplates.Open("hermes").Format;
        var expected = new[] { ("reasoning", "One.\nTwo."), ("text", "Three.") };
        Assert.Equal(expected, Joined(Read(format, "<think>\nOne.\nTwo.\n</think>\n\nThree.")));
        var parser = new AnswerParser(format, [], startsInThinking: true, () => "");
        var parts = new List<AnswerPart>();
        parser.Append("\nOne.\nTwo.\n</think>\n\nThree.", parts);
        parser.Finish(parts);
        Assert.Equal(expected, Joined(parts));
    }

    [Fact]
    public void Thinking_that_does_not_end_is_thinking() =>
        Assert.Equal([("reasoning", "One")], Joined(Read(TestTemplates.Open("hermes").Format, "<think>\nOne")));

    [Theory]
    [InlineData("<tool_call>\nnot JSON\n</tool_call>")]
    [InlineData("<tool_call>\n{\"name\": 3}\n</tool_call>")]
    [InlineData("<tool_call>\n{\"name\": \"zip_a\", \"arguments\": [1]}\n</tool_call>")]
    [InlineData("<tool_call>\n{\"name\": \"zip_a\", \"arguments\"")]
    public void A_text_that_begins_as_a_call_is_reported_and_not_lost(string text)
    {
        var parts = Read(TestTemplates.Open("hermes").Format, text);
        Assert.Contains(text, Assert.IsType<AnswerMalformedCall>(Assert.Single(parts)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_tools_nothing_is_a_call()
    {
        var parser = new AnswerParser(TestTemplates.Open("hermes").Format, [], startsInThinking: false, () => "");
        var parts = new List<AnswerPart>();
        parser.Append("<tool_call>\n{\"name\": \"zip_a\", \"arguments\": {}}\n</tool_call>", parts);
        parser.Finish(parts);
        Assert.All(parts, part => Assert.IsType<AnswerText>(part));
    }

    private static AnswerParser Parser(AnswerFormat format) => new(format, [TestTemplates.Tool("zip_a")], startsInThinking: false, () => "id");

    private static List<(string, string)> Read(AnswerFormat format, string[] parts) => Joined(Read(format, string.Concat(parts)));

    private static List<AnswerPart> Read(AnswerFormat format, string text)
    {
        var parser = Parser(format);
        var parts = new List<AnswerPart>();
        parser.Append(text, parts);
        parser.Finish(parts);
        return parts;
    }

    private static List<AnswerPart> ReadWithCallParts(AnswerFormat format, IEnumerable<string> texts)
    {
        var parser = new AnswerParser(format, [TestTemplates.Tool("zip_a")], startsInThinking: false, () => "id", reportsCallParts: true);
        var parts = new List<AnswerPart>();
        foreach (var text in texts) parser.Append(text, parts);
        parser.Finish(parts);
        return parts;
    }

    private static string WithCallParts(IEnumerable<AnswerPart> parts)
    {
        var text = new StringBuilder();
        var kind = "";
        foreach (var part in parts)
        {
            var (next, value) = part switch
            {
                AnswerText or AnswerMalformedCall { Index: null } => ("text", part is AnswerText own ? own.Text : ((AnswerMalformedCall)part).Text),
                AnswerReasoning reasoning => ("reasoning", reasoning.Text),
                AnswerToolCallArguments arguments => ("arguments", arguments.Text),
                AnswerMalformedCall broken => ("text", broken.Text),
                _ => ("", part.ToString()),
            };
            if (next != kind || next.Length == 0) text.Append('\n').Append(next).Append(": ");
            text.Append(value);
            kind = next;
        }

        return text.ToString();
    }

    // Neighbours of one kind are one text; how it was divided does not matter.
    private static List<(string Kind, string Text)> Joined(IEnumerable<AnswerPart> parts)
    {
        var joined = new List<(string Kind, string Text)>();
        foreach (var part in parts)
        {
            var (kind, text) = part switch
            {
                AnswerText { Text: var value } => ("text", value),
                AnswerReasoning { Text: var value } => ("reasoning", value),
                AnswerToolCall { Index: var index, Call: var call } => ("call", $"{index} {call.Name} {call.Arguments}"),
                AnswerMalformedCall { Text: var value } => ("text", value),
                _ => throw new InvalidOperationException(),
            };
            if (joined.Count > 0 && joined[^1].Kind == kind && kind != "call") joined[^1] = (kind, joined[^1].Text + text);
            else joined.Add((kind, text));
        }

        return joined;
    }

    private static bool IsPrefix(List<(string Kind, string Text)> some, List<(string Kind, string Text)> all) =>
        some.Count <= all.Count && some.Select((part, i) => part.Kind == all[i].Kind
            && (i == some.Count - 1 ? all[i].Text.StartsWith(part.Text, StringComparison.Ordinal) : part.Text == all[i].Text)).All(isSame => isSame);
}

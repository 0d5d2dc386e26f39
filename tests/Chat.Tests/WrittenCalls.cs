using System.Text.Json.Nodes;
using ArchGen.Chat.Answers;
using ArchGen.Chat.Formats;
using ArchGen.Chat.Messages;
using ArchGen.Chat.Prompts;

namespace ArchGen.Chat.Tests;

/// <summary>Calls as a template writes them, and how they are read.</summary>
internal sealed class WrittenCalls
{
    private const string Marker = "SOMEANSWER";

    private readonly ChatTemplate _template;

    private WrittenCalls(ChatTemplate template, IReadOnlyList<ToolDefinition> tools, IReadOnlyList<ToolCall> calls, string text)
    {
        (_template, Tools, Calls, Text) = (template, tools, calls, text);
    }

    public IReadOnlyList<ToolDefinition> Tools { get; }

    public IReadOnlyList<ToolCall> Calls { get; }

    /// <summary>What the model writes to make them.</summary>
    public string Text { get; }

    /// <summary>Writes calls; null if the template refuses so many.</summary>
    public static WrittenCalls? Of(ChatTemplate template, params string[] arguments)
    {
        // Names that share no beginning with a fixed word of a template.
        ToolDefinition[] tools = [.. arguments.Select((_, i) => TestTemplates.Tool($"zip_{(char)('a' + i)}"))];
        ToolCall[] calls = [.. arguments.Select((text, i) => new ToolCall($"aB3dE5gH{i}", tools[i].Name, text))];
        var question = new Message(MessageRole.User, "QUESTION");
        if (Render(template, tools, question, new Message(MessageRole.Assistant, Marker)) is not { } plain
            || Render(template, tools, question, new Message(MessageRole.Assistant, "") { ToolCalls = calls }) is not { } written)
        {
            return null;
        }

        var begin = MarkedText.CommonPrefix(plain, written);
        var end = MarkedText.CommonSuffix(plain[begin..], written[begin..]);
        return new WrittenCalls(template, tools, calls, written[begin..^end]);
    }

    /// <summary>Reads a text that comes in parts.</summary>
    public List<AnswerPart> Read(params IEnumerable<string> parts)
    {
        var parser = new AnswerParser(_template.Format, Tools, startsInThinking: false, () => "call_new");
        var result = new List<AnswerPart>();
        foreach (var part in parts) parser.Append(part, result);
        parser.Finish(result);
        return result;
    }

    /// <summary>Reads a text that comes in parts, and what is certain of a call while it comes.</summary>
    public List<AnswerPart> ReadWithCallParts(IEnumerable<string> parts)
    {
        var parser = new AnswerParser(_template.Format, Tools, startsInThinking: false, () => "call_new", reportsCallParts: true);
        var result = new List<AnswerPart>();
        foreach (var part in parts) parser.Append(part, result);
        parser.Finish(result);
        return result;
    }

    /// <summary>Fails unless the parts of each call come in order and add up to the call.</summary>
    /// <returns>How many reports of arguments there were.</returns>
    public static int AssertCallPartsAddUp(IReadOnlyList<AnswerPart> parts)
    {
        AnswerToolCallBegin? begin = null;
        var (arguments, reports) = ("", 0);
        foreach (var part in parts)
        {
            switch (part)
            {
                case AnswerToolCallBegin next:
                    Assert.Null(begin);
                    (begin, arguments) = (next, "");
                    break;
                case AnswerToolCallArguments next:
                    Assert.Equal(begin!.Index, next.Index);
                    Assert.NotEmpty(next.Text);
                    arguments += next.Text;
                    reports++;
                    break;
                case AnswerToolCall call:
                    Assert.Equal((begin!.Index, begin.Id, begin.Name, arguments), (call.Index, call.Call.Id, call.Call.Name, call.Call.Arguments));
                    begin = null;
                    break;
                case AnswerMalformedCall malformed:
                    Assert.Equal(begin?.Index, malformed.Index);
                    begin = null;
                    break;
                default:
                    Assert.Null(begin);
                    break;
            }
        }

        Assert.Null(begin);
        return reports;
    }

    /// <summary>Fails unless these parts are the calls and nothing else.</summary>
    public void AssertCalls(IEnumerable<AnswerPart> parts)
    {
        var rest = parts.Where(part => part is not AnswerText text || text.Text.Trim().Length > 0).ToList();
        Assert.All(rest, part => Assert.IsType<AnswerToolCall>(part));
        Assert.Equal(Calls.Count, rest.Count);
        foreach (var (part, call) in rest.Cast<AnswerToolCall>().Zip(Calls))
        {
            Assert.Equal(call.Name, part.Call.Name);
            Assert.True(
                JsonNode.DeepEquals(JsonNode.Parse(call.Arguments), JsonNode.Parse(part.Call.Arguments)), $"{part.Call.Arguments}; expected {call.Arguments}");
        }

        Assert.Equal(Enumerable.Range(0, Calls.Count), rest.Cast<AnswerToolCall>().Select(part => part.Index));
    }

    private static string? Render(ChatTemplate template, ToolDefinition[] tools, params Message[] messages)
    {
        try
        {
            return template.RenderText(messages, tools);
        }
        catch (RequestException)
        {
            return null;
        }
    }
}

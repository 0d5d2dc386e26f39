using ArchGen.Chat.Formats;
using ArchGen.Chat.Messages;

namespace ArchGen.Chat.Probing;

/// <summary>Finds how a template wants its messages and how its model answers, by rendering conversations and comparing them.</summary>
internal static class FormatProbe
{
    /// <summary>The format of answers, and the form of messages.</summary>
    public static (AnswerFormat Format, MessageForm Form) Find(IProbedTemplate template)
    {
        var form = Form(template);
        var (thinking, field) = ThinkingProbe.Find(template, form);
        form = form with { ReasoningField = field };
        var calls = ToolCallProbe.Find(template, form, thinking);
        var around = ContentProbe.Find(template, form, thinking);
        // A word in place of a tool's name: the recipient of a text.
        return calls is { IsBare: true, Syntax: HeadedCall } && around is [var first, ..] && first[0] != '<'
            ? (new AnswerFormat(thinking, calls) { TextBegin = first }, form)
            : (new AnswerFormat(thinking, calls) { Ignored = [.. around.Where(text => text[0] == '<')] }, form);
    }

    // The first form in which calls are written; if there is none, in which a text is.
    private static MessageForm Form(IProbedTemplate template)
    {
        MessageForm[] forms =
        [
            new(), new() { HasParsedArguments = false }, new() { HasNullContentBesideCalls = true },
            new() { HasParsedArguments = false, HasNullContentBesideCalls = true }, new() { HasContentParts = true },
        ];
        var calls = ProbeMessages.Answered(ProbeMessages.Calls(ProbeMessages.TwoTexts));
        foreach (var form in forms)
        {
            if (template.Render(calls, form) is { } text && WritesOnce(text)) return form;
        }

        Message[] question = [new(MessageRole.User, ProbeMessages.Question)];
        return forms.FirstOrDefault(form => template.Render(question, form)?.Contains(ProbeMessages.Question, StringComparison.Ordinal) == true) ?? new();
    }

    // JSON text that is written as JSON again has escaped quotes.
    private static bool WritesOnce(string text) =>
        text.Contains(ProbeMessages.FirstValue, StringComparison.Ordinal) && !text.Contains($"\\\"{ProbeMessages.FirstKey}", StringComparison.Ordinal);
}

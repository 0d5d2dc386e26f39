using ArchGen.Chat.Formats;
using ArchGen.Chat.Messages;

namespace ArchGen.Chat.Probing;

/// <summary>Finds what a template writes around a model's thinking.</summary>
internal static class ThinkingProbe
{
    private static readonly string[] Fields = ["reasoning_content", "reasoning", "thinking"];

    // What published models write. A template may not write earlier thinking at all, but name its end in order to remove it.
    private static readonly ThinkingFormat[] Known =
    [
        new("<think>", "</think>"), new("[THINK]", "[/THINK]"), new("<|START_THINKING|>", "<|END_THINKING|>"), new("<seed:think>", "</seed:think>"),
        new("<thinking>", "</thinking>"), new("<reasoning>", "</reasoning>"), new("<think:opensource>", "</think:opensource>"),
    ];

    /// <summary>The format, null if the model does not think; and the field of a message in which the template expects thinking.</summary>
    /// <param name="template">The template.</param>
    /// <param name="form">How messages are given to it.</param>
    public static (ThinkingFormat? Format, string Field) Find(IProbedTemplate template, MessageForm form)
    {
        if (HarmonyFormat.Matches(template.Source)) return (HarmonyFormat.Thinking, "thinking");
        var answer = new Message(MessageRole.Assistant, ProbeMessages.Content) { Reasoning = ProbeMessages.Reasoning };
        foreach (var field in Fields)
        {
            var tried = form with { ReasoningField = field };
            // Some templates keep the thinking of calls only, or when asked to think.
            foreach (var message in new[] { answer, ProbeMessages.Calls(ProbeMessages.TwoTexts) with { Reasoning = ProbeMessages.Reasoning } })
            {
                var text = template.Render(ProbeMessages.Answered(message), tried, think: true);
                if (text is not null && Around(template, text, message, tried) is { } found) return (found, field);
            }
        }

        return (Known.FirstOrDefault(tags => template.Source.Contains(tags.End, StringComparison.Ordinal)), Fields[0]);
    }

    private static ThinkingFormat? Around(IProbedTemplate template, string text, Message message, MessageForm form)
    {
        var begin = text.IndexOf(ProbeMessages.Reasoning, StringComparison.Ordinal);
        if (begin < 0) return null;
        var after = text[(begin + ProbeMessages.Reasoning.Length)..].TrimStart();
        var before = text[..begin].TrimEnd();
        var end = Marker(after);
        if (end.Length == 0) return null;
        if (Known.FirstOrDefault(tags => tags.End == end) is { } known) return known;
        var open = LastMarker(before);
        // If an answer without thinking has it too, it is the mark of the role, and the model begins with its thinking.
        var plain = template.Render(ProbeMessages.Answered(message with { Reasoning = null }), form);
        return new ThinkingFormat(plain is not null && plain.StartsWith(before, StringComparison.Ordinal) ? "" : open, end);
    }

    private static string Marker(string text)
    {
        if (text.Length == 0 || text[0] is not ('<' or '[')) return "";
        var end = text.IndexOf(text[0] == '<' ? '>' : ']', StringComparison.Ordinal);
        return end < 0 ? "" : text[..(end + 1)];
    }

    private static string LastMarker(string text)
    {
        if (text.Length == 0 || text[^1] is not ('>' or ']')) return "";
        var begin = text.LastIndexOf(text[^1] == '>' ? '<' : '[');
        return begin < 0 ? "" : text[begin..];
    }
}

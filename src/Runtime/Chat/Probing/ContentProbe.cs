using ArchGen.Chat.Formats;
using ArchGen.Chat.Messages;

namespace ArchGen.Chat.Probing;

/// <summary>Finds fixed texts around the text of an answer that a model writes itself, such as <c>&lt;|START_RESPONSE|&gt;</c>.</summary>
internal static class ContentProbe
{
    /// <summary>The texts; empty if there are none.</summary>
    /// <param name="template">The template.</param>
    /// <param name="form">How messages are given to it.</param>
    /// <param name="thinking">What is around thinking.</param>
    public static IReadOnlyList<string> Find(IProbedTemplate template, MessageForm form, ThinkingFormat? thinking)
    {
        if (HarmonyFormat.Matches(template.Source)) return HarmonyFormat.Ignored;
        var answer = ProbeMessages.Answered(new Message(MessageRole.Assistant, ProbeMessages.Content));
        var prompt = template.Render([answer[0]], form, begin: true);
        var text = template.Render(answer, form);
        if (prompt is null || text is null) return [];
        var begin = MarkedText.CommonPrefix(prompt, text);
        var at = text.IndexOf(ProbeMessages.Content, begin, StringComparison.Ordinal);
        if (at < 0) return [];
        var before = text[begin..at];
        if (thinking is not null && before.LastIndexOf(thinking.End, StringComparison.Ordinal) is var end and >= 0)
            before = before[(end + thinking.End.Length)..];
        before = before.Trim();
        if (!IsMarker(before)) return before.Length > 0 ? [before] : [];
        var after = text[(at + ProbeMessages.Content.Length)..].TrimStart();
        var close = after.IndexOf('>', StringComparison.Ordinal);
        var marker = close < 0 ? "" : after[..(close + 1)];
        // The marker that closes it differs from it in a slash or a word.
        var closes = IsMarker(marker) && marker.Length >= before.Length - 2 && marker.Contains("END", StringComparison.OrdinalIgnoreCase);
        return closes ? [before, marker] : [before];
    }

    private static bool IsMarker(string text) =>
        text.Length > 2 && text[0] == '<' && text[^1] == '>' && text.IndexOf('>', StringComparison.Ordinal) == text.Length - 1;
}

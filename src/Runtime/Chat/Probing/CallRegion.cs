using ArchGen.Chat.Formats;
using ArchGen.Chat.Messages;

namespace ArchGen.Chat.Probing;

/// <summary>
/// The part of a rendered conversation that an answer of calls has in place of a text: the difference between the two. What a model would write ends with
/// it.
/// </summary>
internal static class CallRegion
{
    /// <summary>The part that the calls are in; null if the template refuses them or does not write them.</summary>
    /// <param name="template">The template.</param>
    /// <param name="form">How messages are given to it.</param>
    /// <param name="thinking">What is around thinking, which is no part of the calls.</param>
    /// <param name="arguments">The arguments of each call.</param>
    public static string? Of(IProbedTemplate template, MessageForm form, ThinkingFormat? thinking, params string[] arguments)
    {
        var text = template.Render(ProbeMessages.Answered(new Message(MessageRole.Assistant, ProbeMessages.Content)), form);
        var calls = template.Render(ProbeMessages.Answered(ProbeMessages.Calls(arguments)), form);
        if (text is null || calls is null || !calls.Contains(ProbeMessages.Names[arguments.Length - 1], StringComparison.Ordinal)) return null;
        var begin = MarkedText.CommonPrefix(text, calls);
        var end = MarkedText.CommonSuffix(text[begin..], calls[begin..]);
        // Names may be among the tools' definitions, which both have.
        var region = calls[begin..(calls.Length - end)];
        if (!region.Contains(ProbeMessages.Names[arguments.Length - 1], StringComparison.Ordinal)) return null;
        return WithoutThinking(region, thinking);
    }

    private static string WithoutThinking(string region, ThinkingFormat? thinking)
    {
        if (thinking is null) return region;
        var name = region.IndexOf(ProbeMessages.Names[0], StringComparison.Ordinal);
        var end = region.LastIndexOf(thinking.End, name, StringComparison.Ordinal);
        return end < 0 ? region : region[(end + thinking.End.Length)..];
    }
}

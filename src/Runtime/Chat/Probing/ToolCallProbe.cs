using ArchGen.Chat.Formats;
using ArchGen.Chat.Messages;

namespace ArchGen.Chat.Probing;

/// <summary>
/// Finds how a template writes tool calls. It is rendered with one call and with two, with texts and with other values as arguments; what changes tells the
/// parts of a call, what stays is the fixed text around them. llama.cpp derives formats in the same way (docs/autoparser.md).
/// </summary>
internal static class ToolCallProbe
{
    /// <summary>The format; null if the template writes no calls, or writes them in a way that is not understood.</summary>
    /// <param name="template">The template.</param>
    /// <param name="form">How messages are given to it.</param>
    /// <param name="thinking">What is around thinking.</param>
    public static ToolCallFormat? Find(IProbedTemplate template, MessageForm form, ThinkingFormat? thinking)
    {
        if (HarmonyFormat.Matches(template.Source)) return HarmonyFormat.ToolCalls;
        if (CallRegion.Of(template, form, thinking, ProbeMessages.TwoTexts) is not { } single) return KnownToolCalls.Of(template.Source);
        if (FoundCall.In(single, 0, 0) is not { } call) return null;
        var pair = CallRegion.Of(template, form, thinking, ProbeMessages.TwoTexts, ProbeMessages.TwoTexts);
        var format = (pair is null ? null : OfTwo(pair)) ?? OfOne(single, call);
        return format.Syntax is HeadedCall { Arguments: TaggedArguments tagged } headed
            ? format with { Syntax = headed with { Arguments = TaggedValueProbe.Complete(tagged, format, headed, One) } }
            : format;

        string? One(string value) => CallRegion.Of(template, form, thinking, ProbeMessages.One(value));
    }

    private static ToolCallFormat OfOne(string region, FoundCall call) => new()
    {
        CallBegin = region[..call.Begin].TrimStart(),
        CallEnd = region[call.End..].TrimEnd(),
        IsParallel = false,
        Syntax = call.Syntax,
    };

    // Begin and end of a call are what the texts around and between the calls have in common.
    private static ToolCallFormat? OfTwo(string region)
    {
        if (FoundCall.In(region, 0, 0) is not { } first || FoundCall.In(region, first.End, 1) is not { } second) return null;
        string before = region[..first.Begin], between = region[first.End..second.Begin], after = region[second.End..];
        var begin = MarkedText.CommonSuffix(before, between);
        var rest = between[..^begin];
        var end = MarkedText.CommonPrefix(rest, after);
        return new ToolCallFormat
        {
            SectionBegin = before[..^begin].TrimStart(),
            CallBegin = between[^begin..],
            CallEnd = rest[..end],
            Separator = rest[end..],
            SectionEnd = after[end..].TrimEnd(),
            Syntax = first.Syntax is HeadedCall one && second.Syntax is HeadedCall two ? WithIndex(one, two) : first.Syntax,
        };
    }

    // A digit that counts the calls: 0 in the first and 1 in the second.
    private static HeadedCall WithIndex(HeadedCall first, HeadedCall second)
    {
        var head = new List<TextPart>();
        foreach (var (part, other) in first.Head.Zip(second.Head))
        {
            var at = part.Kind == TextPartKind.Literal && part != other ? part.Text.IndexOf('0', StringComparison.Ordinal) : -1;
            if (at < 0 || part.Text.Length != other.Text.Length || other.Text[at] != '1')
            {
                head.Add(part);
                continue;
            }

            if (at > 0) head.Add(TextPart.Literal(part.Text[..at]));
            head.Add(new TextPart(TextPartKind.Index));
            if (at + 1 < part.Text.Length) head.Add(TextPart.Literal(part.Text[(at + 1)..]));
        }

        return first with { Head = head };
    }
}

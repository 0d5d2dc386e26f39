using System.Text.Json;
using ArchGen.Chat.Formats;

namespace ArchGen.Chat.Probing;

/// <summary>A call of <see cref="ProbeMessages"/> that was found in a rendered text.</summary>
/// <param name="Begin">Its first character.</param>
/// <param name="End">One past its last character.</param>
/// <param name="Syntax">What it consists of.</param>
internal sealed record FoundCall(int Begin, int End, CallSyntax Syntax)
{
    /// <summary>Finds a call; null if it is not there, or is written in a way that is not understood.</summary>
    /// <param name="region">The text.</param>
    /// <param name="from">Where to begin.</param>
    /// <param name="call">The number of the call.</param>
    public static FoundCall? In(string region, int from, int call)
    {
        var name = ProbeMessages.Names[call];
        var nameAt = region.IndexOf(name, from, StringComparison.Ordinal);
        if (nameAt < 0) return null;
        if (JsonSpan.Find(region, from, value => JsonCallProbe.Syntax(value, call) is not null) is { } json && json.Begin < nameAt)
            return new FoundCall(json.Begin, json.End, JsonCallProbe.Syntax(json.Value, call)!);

        var afterName = nameAt + name.Length;
        if (JsonSpan.Find(region, afterName, HasArguments) is { } arguments && IsNext(region, afterName, arguments.Begin, call))
        {
            var (begin, head) = Head(region, from, arguments.Begin, call);
            return new FoundCall(begin, arguments.End, new HeadedCall(head, new JsonArguments()));
        }

        if (TaggedProbe.Find(region, afterName) is not { } tagged) return null;
        var (start, parts) = Head(region, from, afterName, call);
        return new FoundCall(start, tagged.End, new HeadedCall(parts, tagged.Arguments));
    }

    /// <summary>Whether a JSON value is the arguments of a call.</summary>
    public static bool HasArguments(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(ProbeMessages.FirstKey, out var first)
        && first.ValueKind == JsonValueKind.String && first.GetString() == ProbeMessages.FirstValue;

    // The arguments may be those of the next call.
    private static bool IsNext(string region, int afterName, int arguments, int call) =>
        call + 1 == ProbeMessages.Names.Length
        || region.IndexOf(ProbeMessages.Names[call + 1], afterName, arguments - afterName, StringComparison.Ordinal) < 0;

    // The head begins with the name, or with the id if that is before it.
    private static (int Begin, IReadOnlyList<TextPart> Parts) Head(string region, int from, int end, int call)
    {
        var marks = new (TextPartKind Kind, string Text)[] { (TextPartKind.Name, ProbeMessages.Names[call]), (TextPartKind.Id, ProbeMessages.Ids[call]) };
        var found = marks.Select(mark => (mark.Kind, mark.Text, At: region.IndexOf(mark.Text, from, end - from, StringComparison.Ordinal)))
            .Where(mark => mark.At >= 0).OrderBy(mark => mark.At).ToList();
        var parts = new List<TextPart>();
        var at = found[0].At;
        foreach (var (kind, text, begin) in found)
        {
            if (begin > at) parts.Add(TextPart.Literal(region[at..begin]));
            parts.Add(new TextPart(kind));
            at = begin + text.Length;
        }

        if (end > at) parts.Add(TextPart.Literal(region[at..end]));
        return (found[0].At, parts);
    }
}

using ArchGen.Chat.Formats;

namespace ArchGen.Chat.Probing;

/// <summary>Finds what is around an argument that is no text, and the notation of its value.</summary>
internal static class TaggedValueProbe
{
    private const string List = """[true, null, {"inner": "PROBETEXT"}]""";

    /// <summary>Adds what was not known.</summary>
    /// <param name="arguments">The syntax of texts.</param>
    /// <param name="format">The format around it.</param>
    /// <param name="call">The call.</param>
    /// <param name="render">The region of a call whose first argument has this value.</param>
    public static TaggedArguments Complete(TaggedArguments arguments, ToolCallFormat format, HeadedCall call, Func<string, string?> render)
    {
        var value = ValueOf("17171", arguments, format, call, render) is { } number && Tags(number, "17171") is { } tags ? tags : arguments.Value;
        var list = ValueOf(List, arguments, format, call, render);
        var notation = list is null ? ValueNotation.Json
            : list.Contains("inner:", StringComparison.Ordinal) ? ValueNotation.Gemma
            : list.Contains("None", StringComparison.Ordinal) ? ValueNotation.Python
            : ValueNotation.Json;
        return arguments with { Value = value, Notation = notation };
    }

    // The text of the single argument, from what comes before its name to what comes after its value.
    private static string? ValueOf(string value, TaggedArguments arguments, ToolCallFormat format, HeadedCall call, Func<string, string?> render)
    {
        if (render(value) is not { } region) return null;
        var name = region.IndexOf(ProbeMessages.Names[0], StringComparison.Ordinal);
        // After the name come the rest of the head, the first argument, and the end of the call.
        var begin = name + ProbeMessages.Names[0].Length + call.Head.SkipWhile(part => part.Kind != TextPartKind.Name).Skip(1).Sum(part => part.Text.Length);
        if (!region.AsSpan(begin).StartsWith(arguments.Begin, StringComparison.Ordinal)) return null;
        begin += arguments.Begin.Length;
        var end = (format.CallEnd + format.SectionEnd).TrimEnd();
        var at = region.TrimEnd().LastIndexOf(end, StringComparison.Ordinal);
        return at < begin ? null : region[begin..at];
    }

    private static ValueTags? Tags(string argument, string value)
    {
        var at = argument.IndexOf(value, StringComparison.Ordinal);
        if (at < 0) return null;
        return new ValueTags(TaggedProbe.Parts(TaggedProbe.Marked(argument[..at])), TaggedProbe.Parts(TaggedProbe.Marked(argument[(at + value.Length)..])));
    }
}

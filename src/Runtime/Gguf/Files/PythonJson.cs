using System.Globalization;

namespace ArchGen.Gguf.Files;

/// <summary>
/// Translates what Python's json module writes and other readers reject: NaN, Infinity and -Infinity, and escaped halves of surrogate pairs. The numbers
/// are read as transformers 5 writes them, <c>{"__float__": "Infinity"}</c>, the halves as U+FFFD.
/// </summary>
internal static class PythonJson
{
    private const int EscapeLength = 6;

    /// <summary>A place whose bytes are to be others.</summary>
    /// <param name="Start">Its first byte.</param>
    /// <param name="Length">Its bytes.</param>
    /// <param name="Text">The new text.</param>
    /// <param name="IsCharacter">Whether it is part of a text: half of a surrogate pair.</param>
    public readonly record struct Change(int Start, int Length, string Text, bool IsCharacter);

    /// <summary>The replacements that make valid UTF-8 valid JSON, in order.</summary>
    public static List<Change> Changes(ReadOnlySpan<byte> json)
    {
        var changes = new List<Change>();
        for (var at = 0; json[at..].IndexOfAny("\"NI"u8) is >= 0 and var next;)
        {
            at += next;
            if (json[at] == '"') at = AddHalves(json, at + 1, changes);
            else at = AddNumber(json, at, changes);
        }

        return changes;
    }

    /// <summary>The bytes with those changes.</summary>
    public static ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> json, List<Change> changes)
    {
        if (changes.Count == 0) return json;
        var (result, copied) = (new MemoryStream(json.Length), 0);
        foreach (var change in changes)
        {
            result.Write(json[copied..change.Start]);
            result.Write(System.Text.Encoding.UTF8.GetBytes(change.Text));
            copied = change.Start + change.Length;
        }

        result.Write(json[copied..]);
        return result.GetBuffer().AsSpan(0, (int)result.Length);
    }

    private static int AddNumber(ReadOnlySpan<byte> json, int at, List<Change> changes)
    {
        var name = json[at..].StartsWith("NaN"u8) ? "NaN" : json[at..].StartsWith("Infinity"u8) ? "Infinity" : "";
        if (name.Length == 0) return at + 1;
        var sign = name == "Infinity" && at > 0 && json[at - 1] == '-' ? 1 : 0;
        changes.Add(new Change(at - sign, name.Length + sign, $"{{\"__float__\":\"{(sign > 0 ? "-" : "")}{name}\"}}", IsCharacter: false));
        return at + name.Length;
    }

    // From inside a string to after its end.
    private static int AddHalves(ReadOnlySpan<byte> json, int at, List<Change> changes)
    {
        while (json[at..].IndexOfAny((byte)'"', (byte)'\\') is >= 0 and var next)
        {
            at += next;
            if (json[at] == '"') return at + 1;
            var unit = CodeUnit(json, at);
            if (!char.IsSurrogate(unit))
            {
                at = Math.Min(at + 2, json.Length);
                continue;
            }

            var isPair = char.IsHighSurrogate(unit) && char.IsLowSurrogate(CodeUnit(json, at + EscapeLength));
            if (!isPair) changes.Add(new Change(at, EscapeLength, "\\ufffd", IsCharacter: true));
            at += isPair ? 2 * EscapeLength : EscapeLength;
        }

        return json.Length;
    }

    /// <summary>The character of \uXXXX; zero for anything else.</summary>
    private static char CodeUnit(ReadOnlySpan<byte> json, int at) =>
        json.Length - at >= EscapeLength && json[at..].StartsWith("\\u"u8)
        && ushort.TryParse(json.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : '\0';
}

using System.Text.Json;
using System.Text.Json.Nodes;
using ArchGen.Chat.Formats;
using ArchGen.Chat.Messages;

namespace ArchGen.Chat.Answers;

/// <summary>A call as it was read.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Id">Its id; null if the format has none.</param>
/// <param name="Arguments">The arguments, a JSON object.</param>
internal readonly record struct ReadCall(string Name, string? Id, string Arguments);

/// <summary>Reads a call, without what is around it.</summary>
/// <param name="format">The format.</param>
/// <param name="tools">The tools that can be called, by name: their schemas tell texts from numbers where the format does not.</param>
internal sealed class CallReader(ToolCallFormat format, IReadOnlyDictionary<string, ToolDefinition> tools)
{
    /// <summary>Reads it. After anything but <see cref="ReadResult.Done"/> the place is undefined.</summary>
    public ReadResult Read(TextCursor cursor, CallProgress progress, out ReadCall call) => format.Syntax switch
    {
        JsonCall json => Json(cursor, json, progress, out call),
        HeadedCall headed => Headed(cursor, headed, progress, out call),
        _ => throw new InvalidOperationException($"{format.Syntax.GetType().Name} is not read."),
    };

    private static ReadResult Json(TextCursor cursor, JsonCall syntax, CallProgress progress, out ReadCall call)
    {
        call = default;
        JsonCallProgress.Find(cursor, syntax, progress);
        var result = JsonText.Object(cursor, out var text);
        if (result != ReadResult.Done) return result;
        using var document = JsonText.Parse(text);
        if (document is null) return ReadResult.Mismatch;
        var value = document.RootElement;
        var id = Property(value, syntax.IdKey);
        if (syntax.WrapperKey is { } wrapper && value.TryGetProperty(wrapper, out var inner) && inner.ValueKind == JsonValueKind.Object)
        {
            value = inner;
            id ??= Property(value, syntax.IdKey);
        }

        if (syntax.NameKey is null)
        {
            if (value.EnumerateObject().Count() != 1) return ReadResult.Mismatch;
            var only = value.EnumerateObject().First();
            return Call(only.Name, id, only.Value, out call);
        }

        if (!value.TryGetProperty(syntax.NameKey, out var name) || name.ValueKind != JsonValueKind.String) return ReadResult.Mismatch;
        // A model may leave out the arguments of a tool that takes none, or use the other usual name.
        if (!value.TryGetProperty(syntax.ArgumentsKey, out var arguments) && !value.TryGetProperty("arguments", out arguments)
            && !value.TryGetProperty("parameters", out arguments))
        {
            call = new ReadCall(name.GetString()!, id, "{}");
            return ReadResult.Done;
        }

        return Call(name.GetString()!, id, arguments, out call);
    }

    private static ReadResult Call(string name, string? id, JsonElement arguments, out ReadCall call)
    {
        call = default;
        // Arguments may be JSON within a text.
        if (arguments.ValueKind == JsonValueKind.String)
        {
            using var inner = JsonText.Parse(arguments.GetString()!);
            if (inner is null || inner.RootElement.ValueKind != JsonValueKind.Object) return ReadResult.Mismatch;
            call = new ReadCall(name, id, inner.RootElement.GetRawText());
            return ReadResult.Done;
        }

        if (arguments.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null)) return ReadResult.Mismatch;
        call = new ReadCall(name, id, arguments.ValueKind == JsonValueKind.Null ? "{}" : arguments.GetRawText());
        return ReadResult.Done;
    }

    private static string? Property(JsonElement value, string? key) =>
        key is not null && value.TryGetProperty(key, out var id) && id.ValueKind is JsonValueKind.String or JsonValueKind.Number ? id.ToString() : null;

    private ReadResult Headed(TextCursor cursor, HeadedCall syntax, CallProgress progress, out ReadCall call)
    {
        call = default;
        string? name = null, id = null;
        for (var i = 0; i < syntax.Head.Count; i++)
        {
            var part = syntax.Head[i];
            if (part.Kind == TextPartKind.Literal)
            {
                var literal = cursor.Literal(part.Text);
                if (literal != ReadResult.Done) return literal;
                continue;
            }

            var result = Word(cursor, End(syntax, i + 1), out var word);
            if (result != ReadResult.Done) return result;
            if (part.Kind == TextPartKind.Name) name = word;
            if (part.Kind == TextPartKind.Id) id = word;
        }

        if (string.IsNullOrEmpty(name)) return ReadResult.Mismatch;
        if (syntax.Arguments is TaggedArguments tagged)
        {
            progress.Begin(name, id);
            var result = new TaggedReader(cursor, tagged, format.CallEnd, tools.GetValueOrDefault(name)).Read(progress, out var values);
            call = new ReadCall(name, id, values.ToJsonString(JsonText.Plain));
            return result;
        }

        cursor.SkipSpaces();
        if (cursor.IsAtEnd) return cursor.Unfinished;
        if (cursor.Text[cursor.Position] != '{') return ReadResult.Mismatch;
        progress.Begin(name, id);
        progress.AddObject(cursor.Text, cursor.Position);
        var read = JsonText.Object(cursor, out var text);
        call = new ReadCall(name, id, text);
        return read;
    }

    // The fixed texts at which a name or id ends.
    private string[] End(HeadedCall syntax, int next)
    {
        if (next < syntax.Head.Count && syntax.Head[next].Kind == TextPartKind.Literal) return [syntax.Head[next].Text];
        if (syntax.Arguments is not TaggedArguments tagged) return ["{"];
        var argument = tagged.Begin + (tagged.Text.Before is [{ Kind: TextPartKind.Literal } first, ..] ? first.Text : "");
        return [.. new[] { argument, tagged.Begin, format.CallEnd }.Where(text => text.Trim().Length > 0)];
    }

    private static ReadResult Word(TextCursor cursor, string[] ends, out string word)
    {
        word = "";
        var at = ends.Select(end => IndexOf(cursor, end)).Where(found => found >= 0).DefaultIfEmpty(-1).Min();
        if (at < 0) return CanEnd(cursor.Text.AsSpan(cursor.Position).TrimStart(), ends) ? cursor.Unfinished : ReadResult.Mismatch;
        word = cursor.Text[cursor.Position..at].Trim();
        cursor.Position = at;
        return word.Length > 0 && !word.Any(char.IsWhiteSpace) ? ReadResult.Done : ReadResult.Mismatch;
    }

    // A line break or a space ends a name, too.
    private static int IndexOf(TextCursor cursor, string end)
    {
        var core = end.Trim();
        return core.Length == 0 ? cursor.Text.IndexOf(end, cursor.Position, StringComparison.Ordinal)
            : cursor.Text.IndexOf(core, cursor.Position, StringComparison.Ordinal);
    }

    // A name has no spaces in it: what ends it must have begun before the first of them, or begin after it.
    private static bool CanEnd(ReadOnlySpan<char> rest, string[] ends)
    {
        var space = rest.IndexOfAny(' ', '\n', '\t');
        if (space < 0) return true;
        foreach (var end in ends)
        {
            var core = end.AsSpan().Trim();
            for (var begin = 0; begin <= space; begin++)
            {
                if (core.StartsWith(rest[begin..].TrimStart(), StringComparison.Ordinal)) return true;
            }
        }

        return false;
    }
}

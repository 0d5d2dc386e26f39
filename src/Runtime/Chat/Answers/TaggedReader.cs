using System.Text.Json;
using System.Text.Json.Nodes;
using ArchGen.Chat.Formats;
using ArchGen.Chat.Messages;

namespace ArchGen.Chat.Answers;

/// <summary>Reads arguments that are written one after the other.</summary>
/// <param name="cursor">One past the call's head.</param>
/// <param name="syntax">How they are written.</param>
/// <param name="callEnd">What ends the call.</param>
/// <param name="tool">The tool; null if it is unknown.</param>
internal sealed class TaggedReader(TextCursor cursor, TaggedArguments syntax, string callEnd, ToolDefinition? tool)
{
    /// <summary>Reads them, up to the end of the call, which is left.</summary>
    public ReadResult Read(out JsonObject values)
    {
        values = [];
        var result = cursor.Literal(syntax.Begin);
        if (result != ReadResult.Done) return result;
        while (true)
        {
            var begin = cursor.Position;
            result = cursor.Literal(callEnd);
            if (result == ReadResult.Done)
            {
                // An empty end is always there: then the arguments end where no other begins.
                if (callEnd.Trim().Length > 0)
                {
                    cursor.Position = begin;
                    return ReadResult.Done;
                }
            }
            else if (result == ReadResult.NeedsMore)
            {
                return result;
            }

            if (values.Count > 0 && cursor.Literal(syntax.Separator) is var separated and not ReadResult.Done) return separated;
            result = Argument(values);
            if (result != ReadResult.Done) return result;
        }
    }

    private ReadResult Argument(JsonObject values)
    {
        var begin = cursor.Position;
        var isText = syntax.DistinguishesTexts && syntax.Value.After.Count > 0;
        var tags = isText ? syntax.Text : syntax.Value;
        var result = Before(tags.Before, out var key);
        if (result == ReadResult.Mismatch && isText)
        {
            (cursor.Position, isText, tags) = (begin, false, syntax.Value);
            result = Before(tags.Before, out key);
        }

        if (result != ReadResult.Done) return result;
        if (tags.After.Count == 0) return Add(values, key, new NotationReader(cursor).Value(out var value), value);
        // With the name, since a value may have marks like it within.
        var end = string.Concat(tags.After.Select(part => part.Kind == TextPartKind.Key ? key : part.Text));
        result = cursor.UpTo(end, out var raw);
        if (result != ReadResult.Done) return result;
        result = cursor.Literal(end);
        return Add(values, key, result, isText ? Unwrapped(raw) : Typed(Unwrapped(raw), key));
    }

    private static ReadResult Add(JsonObject values, string key, ReadResult result, JsonNode? value) =>
        result != ReadResult.Done ? result : key.Length > 0 && values.TryAdd(key, value) ? ReadResult.Done : ReadResult.Mismatch;

    // The parts before a value; the name is among them.
    private ReadResult Before(IReadOnlyList<TextPart> parts, out string key)
    {
        key = "";
        for (var i = 0; i < parts.Count; i++)
        {
            var isKey = parts[i].Kind == TextPartKind.Key;
            if (isKey && i + 1 == parts.Count) return ReadResult.Mismatch;
            var result = isKey ? cursor.UpTo(parts[i + 1].Text, out key) : cursor.Literal(parts[i].Text);
            if (result != ReadResult.Done) return result;
            key = key.Trim();
            if (isKey && (key.Length == 0 || key.Any(char.IsWhiteSpace))) return ReadResult.Mismatch;
        }

        return ReadResult.Done;
    }

    // MiniCPM's template writes texts with marks in them in this way.
    private static string Unwrapped(string raw)
    {
        const string begin = "<![CDATA[", end = "]]>";
        return raw.StartsWith(begin, StringComparison.Ordinal) && raw.EndsWith(end, StringComparison.Ordinal) ? raw[begin.Length..^end.Length] : raw;
    }

    // A text as it is if the schema says so; otherwise JSON if it is JSON.
    private JsonNode? Typed(string raw, string key)
    {
        var types = Types(key);
        if (types.Count > 0 && types.All(type => type == "string")) return raw;
        var inner = new TextCursor(raw, isComplete: true);
        var isValue = new NotationReader(inner).Value(out var value) == ReadResult.Done && inner.Text.AsSpan(inner.Position).Trim().IsEmpty;
        // Without a type, a text in quotes is more likely a text with quotes.
        if (isValue && value?.GetValueKind() != JsonValueKind.String) return value;
        return MarkupReader.Read(raw, syntax.Value.After, Scalar) ?? raw;
    }

    private static JsonNode? Scalar(string raw)
    {
        var inner = new TextCursor(raw, isComplete: true);
        var isValue = new NotationReader(inner).Value(out var value) == ReadResult.Done && inner.IsAtEnd;
        return isValue && value?.GetValueKind() != JsonValueKind.String ? value : raw;
    }

    private List<string> Types(string key)
    {
        if (tool is null || tool.Parameters.ValueKind != JsonValueKind.Object || !tool.Parameters.TryGetProperty("properties", out var properties)
            || properties.ValueKind != JsonValueKind.Object || !properties.TryGetProperty(key, out var schema) || schema.ValueKind != JsonValueKind.Object
            || !schema.TryGetProperty("type", out var type))
        {
            return [];
        }

        return type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(item => item.ToString())] : [type.ToString()];
    }
}

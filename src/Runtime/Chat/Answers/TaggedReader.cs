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
    private const string CdataBegin = "<![CDATA[";

    /// <summary>Reads them, up to the end of the call, which is left.</summary>
    /// <param name="progress">Gets what is certain.</param>
    /// <param name="values">The arguments.</param>
    public ReadResult Read(CallProgress progress, out JsonObject values)
    {
        values = [];
        progress.Set("{", cursor.Position);
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
                    progress.Set(values.ToJsonString(JsonText.Plain), begin);
                    return ReadResult.Done;
                }
            }
            else if (result == ReadResult.NeedsMore)
            {
                return result;
            }

            if (values.Count > 0 && cursor.Literal(syntax.Separator) is var separated and not ReadResult.Done) return separated;
            result = Argument(values, progress);
            if (result != ReadResult.Done) return result;
            // Without the brace: another argument may follow.
            progress.Set(values.ToJsonString(JsonText.Plain)[..^1], cursor.Position);
        }
    }

    private ReadResult Argument(JsonObject values, CallProgress progress)
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
        var valueBegin = cursor.Position;
        result = cursor.UpTo(end, out var raw);
        if (result != ReadResult.Done)
        {
            if (isText || IsText(key)) AddText(values, key, valueBegin, end, progress);
            return result;
        }

        result = cursor.Literal(end);
        return Add(values, key, result, isText ? Unwrapped(raw) : Typed(Unwrapped(raw), key));
    }

    private static ReadResult Add(JsonObject values, string key, ReadResult result, JsonNode? value) =>
        result != ReadResult.Done ? result : key.Length > 0 && values.TryAdd(key, value) ? ReadResult.Done : ReadResult.Mismatch;

    // A text that is not complete, as far as it is certain.
    private void AddText(JsonObject values, string key, int begin, string end, CallProgress progress)
    {
        var raw = cursor.Text[begin..];
        var known = HeldBack.KnownLength(raw, [end, end.Trim()]);
        if (known == 0 || key.Length == 0 || values.ContainsKey(key)) return;
        // What is within is known when it ends.
        if (raw.StartsWith(CdataBegin, StringComparison.Ordinal) || CdataBegin.StartsWith(raw, StringComparison.Ordinal)) return;
        if (char.IsHighSurrogate(raw[known - 1])) known--;
        var json = values.DeepClone().AsObject();
        json.Add(key, raw[..known]);
        // Without the quote and the brace.
        progress.Set(json.ToJsonString(JsonText.Plain)[..^2], begin + known);
    }

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
        const string end = "]]>";
        return raw.StartsWith(CdataBegin, StringComparison.Ordinal) && raw.EndsWith(end, StringComparison.Ordinal)
            ? raw[CdataBegin.Length..^end.Length] : raw;
    }

    // A text as it is if the schema says so; otherwise JSON if it is JSON.
    private JsonNode? Typed(string raw, string key)
    {
        if (IsText(key)) return raw;
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

    private bool IsText(string key) => Types(key) is { Count: > 0 } types && types.All(type => type == "string");

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

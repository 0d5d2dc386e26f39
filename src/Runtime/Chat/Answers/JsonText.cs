using System.Text.Encodings.Web;
using System.Text.Json;

namespace ArchGen.Chat.Answers;

/// <summary>JSON within an answer.</summary>
internal static class JsonText
{
    /// <summary>Writes characters as they are.</summary>
    public static JsonSerializerOptions Plain { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value of a text; null if it is no JSON.</summary>
    public static JsonDocument? Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads an object: up to the brace that closes it. What is within is not checked.</summary>
    /// <param name="cursor">Where it begins; spaces before it are skipped.</param>
    /// <param name="text">The object.</param>
    public static ReadResult Object(TextCursor cursor, out string text)
    {
        text = "";
        cursor.SkipSpaces();
        if (cursor.IsAtEnd) return cursor.Unfinished;
        if (cursor.Text[cursor.Position] != '{') return ReadResult.Mismatch;
        int depth = 0, begin = cursor.Position;
        var isText = false;
        for (var at = begin; at < cursor.Text.Length; at++)
        {
            var c = cursor.Text[at];
            if (isText)
            {
                if (c == '\\') at++;
                isText = c != '"';
                continue;
            }

            isText = c == '"';
            if (c is '{' or '[') depth++;
            if (c is not ('}' or ']') || --depth != 0) continue;
            cursor.Position = at + 1;
            text = cursor.Text[begin..cursor.Position];
            return ReadResult.Done;
        }

        return cursor.Unfinished;
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ArchGen.Chat.Answers;

/// <summary>
/// Reads a value as models write it outside of JSON: JSON's values, Python's words and quotes, bare keys, and texts between <c>&lt;|"|&gt;</c> (Gemma 4).
/// </summary>
/// <param name="cursor">Where it is.</param>
internal sealed class NotationReader(TextCursor cursor)
{
    private const string GemmaQuote = "<|\"|>";
    private const int MaxDepth = 64;

    private int _depth;

    /// <summary>Reads a value. After anything but <see cref="ReadResult.Done"/> the place is undefined.</summary>
    public ReadResult Value(out JsonNode? value)
    {
        value = null;
        cursor.SkipSpaces();
        if (cursor.IsAtEnd) return cursor.Unfinished;
        if (_depth >= MaxDepth) return ReadResult.Mismatch;
        _depth++;
        var result = cursor.Text[cursor.Position] switch
        {
            '{' => Object(out value),
            '[' => Array(out value),
            '\'' or '"' or '<' => Text(out value),
            _ => Word(out value),
        };
        _depth--;
        return result;
    }

    private ReadResult Object(out JsonNode? value)
    {
        var json = new JsonObject();
        value = json;
        cursor.Position++;
        while (true)
        {
            cursor.SkipSpaces();
            if (cursor.IsAtEnd) return cursor.Unfinished;
            if (Skip('}')) return ReadResult.Done;
            if (json.Count > 0 && !Skip(',')) return ReadResult.Mismatch;
            var result = Key(out var key);
            if (result != ReadResult.Done) return result;
            result = Value(out var item);
            if (result != ReadResult.Done) return result;
            if (!json.TryAdd(key, item)) return ReadResult.Mismatch;
        }
    }

    private ReadResult Key(out string key)
    {
        key = "";
        cursor.SkipSpaces();
        if (cursor.IsAtEnd) return cursor.Unfinished;
        if (cursor.Text[cursor.Position] is '\'' or '"' or '<')
        {
            var result = Text(out var text);
            if (result != ReadResult.Done) return result;
            key = text!.GetValue<string>();
            cursor.SkipSpaces();
            return cursor.IsAtEnd ? cursor.Unfinished : Skip(':') ? ReadResult.Done : ReadResult.Mismatch;
        }

        var colon = cursor.Text.IndexOf(':', cursor.Position);
        if (colon < 0) return cursor.Unfinished;
        key = cursor.Text[cursor.Position..colon].Trim();
        cursor.Position = colon + 1;
        return key.Length > 0 ? ReadResult.Done : ReadResult.Mismatch;
    }

    private ReadResult Array(out JsonNode? value)
    {
        var json = new JsonArray();
        value = json;
        cursor.Position++;
        while (true)
        {
            cursor.SkipSpaces();
            if (cursor.IsAtEnd) return cursor.Unfinished;
            if (Skip(']')) return ReadResult.Done;
            if (json.Count > 0 && !Skip(',')) return ReadResult.Mismatch;
            var result = Value(out var item);
            if (result != ReadResult.Done) return result;
            json.Add(item);
        }
    }

    private ReadResult Text(out JsonNode? value)
    {
        value = null;
        if (cursor.Text[cursor.Position] == '<')
        {
            var opened = cursor.Literal(GemmaQuote);
            if (opened != ReadResult.Done) return opened;
            var result = cursor.UpTo(GemmaQuote, out var raw);
            if (result != ReadResult.Done) return result;
            cursor.Position += GemmaQuote.Length;
            value = raw;
            return ReadResult.Done;
        }

        var quote = cursor.Text[cursor.Position++];
        var text = new StringBuilder();
        for (; !cursor.IsAtEnd; cursor.Position++)
        {
            var c = cursor.Text[cursor.Position];
            if (c == quote)
            {
                cursor.Position++;
                value = text.ToString();
                return ReadResult.Done;
            }

            if (c != '\\')
            {
                text.Append(c);
                continue;
            }

            var result = Escape(text);
            if (result != ReadResult.Done) return result;
        }

        return cursor.Unfinished;
    }

    // At the backslash; afterwards at the escape's last character.
    private ReadResult Escape(StringBuilder text)
    {
        if (cursor.Position + 1 >= cursor.Text.Length) return cursor.Unfinished;
        var c = cursor.Text[++cursor.Position];
        var digits = c switch { 'u' => 4, 'x' => 2, _ => 0 };
        if (digits == 0)
        {
            text.Append(c switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', _ => c });
            return ReadResult.Done;
        }

        if (cursor.Position + digits >= cursor.Text.Length) return cursor.Unfinished;
        if (!ushort.TryParse(cursor.Text.AsSpan(cursor.Position + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            return ReadResult.Mismatch;
        text.Append((char)unit);
        cursor.Position += digits;
        return ReadResult.Done;
    }

    private ReadResult Word(out JsonNode? value)
    {
        value = null;
        var begin = cursor.Position;
        while (!cursor.IsAtEnd && IsOfWord(cursor.Text[cursor.Position])) cursor.Position++;
        // A number may go on.
        if (cursor.IsAtEnd && cursor.Unfinished == ReadResult.NeedsMore) return ReadResult.NeedsMore;
        var word = cursor.Text[begin..cursor.Position];
        if (word is "null" or "None") return ReadResult.Done;
        value = word switch { "true" or "True" => true, "false" or "False" => false, _ => Number(word) };
        return value is null ? ReadResult.Mismatch : ReadResult.Done;
    }

    private static JsonNode? Number(string word)
    {
        try
        {
            return JsonNode.Parse(word) is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.Number ? value : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static bool IsOfWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.';

    private bool Skip(char c)
    {
        if (cursor.Text[cursor.Position] != c) return false;
        cursor.Position++;
        return true;
    }
}

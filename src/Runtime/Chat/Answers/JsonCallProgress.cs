using System.Text;
using System.Text.Json;
using ArchGen.Chat.Formats;

namespace ArchGen.Chat.Answers;

/// <summary>
/// Finds what is certain of a call that is a JSON object. A call with its id after its arguments, or with arguments within a text, is certain when it ends.
/// </summary>
internal static class JsonCallProgress
{
    /// <summary>Finds the name and the arguments.</summary>
    /// <param name="cursor">Where the object begins; stays there.</param>
    /// <param name="syntax">The properties.</param>
    /// <param name="progress">Gets them.</param>
    public static void Find(TextCursor cursor, JsonCall syntax, CallProgress progress)
    {
        var begin = cursor.Position;
        while (begin < cursor.Text.Length && char.IsWhiteSpace(cursor.Text[begin])) begin++;
        if (begin >= cursor.Text.Length || cursor.Text[begin] != '{') return;
        var bytes = Encoding.UTF8.GetBytes(cursor.Text, begin, cursor.Text.Length - begin);
        try
        {
            var json = new Utf8JsonReader(bytes, isFinalBlock: false, default);
            if (Arguments(ref json, syntax) is not { } head) return;
            progress.Begin(head.Name, head.Id);
            progress.AddObject(cursor.Text, begin + Encoding.UTF8.GetCharCount(bytes, 0, (int)json.TokenStartIndex));
        }
        catch (JsonException)
        {
            // The whole is refused when it ends.
        }
    }

    // Reads up to the brace of the arguments; null if it has not come, or more must be known.
    private static (string Name, string? Id)? Arguments(ref Utf8JsonReader json, JsonCall syntax)
    {
        string? name = null, id = null, key = null;
        var level = syntax.WrapperKey is null ? 1 : 2;
        var isWrapped = false;
        while (json.Read())
        {
            switch (json.TokenType)
            {
                case JsonTokenType.PropertyName:
                    key = json.GetString();
                    break;
                case JsonTokenType.StartObject when json.CurrentDepth == level && (level == 1 || isWrapped) && IsArguments(syntax, key):
                    if (syntax.NameKey is null) name = key;
                    return name is null || (syntax.IdKey is not null && id is null) ? null : (name, id);
                case JsonTokenType.StartObject when json.CurrentDepth == 1 && level == 2:
                    isWrapped = key == syntax.WrapperKey;
                    break;
                case JsonTokenType.String or JsonTokenType.Number when json.CurrentDepth == 1 && key == syntax.IdKey:
                    id = json.TokenType == JsonTokenType.String ? json.GetString() : Encoding.UTF8.GetString(json.ValueSpan);
                    break;
                case JsonTokenType.String when json.CurrentDepth == level && (level == 1 || isWrapped) && key == syntax.NameKey:
                    name = json.GetString();
                    break;
            }
        }

        return null;
    }

    private static bool IsArguments(JsonCall syntax, string? key) => syntax.NameKey is null || key == syntax.ArgumentsKey;
}

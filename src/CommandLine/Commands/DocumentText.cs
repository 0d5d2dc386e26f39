using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ArchGen.CommandLine.Commands;

/// <summary>Writes JSON as Python's <c>json.dumps(data, ensure_ascii=False)</c> does: a space after each comma and colon, and no other.</summary>
internal static class DocumentText
{
    public static string Of(JsonElement element)
    {
        StringBuilder text = new();
        Write(element, text);
        return text.ToString();
    }

    private static void Write(JsonElement element, StringBuilder text)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                List('{', element.EnumerateObject(), member =>
                {
                    Quote(member.Name, text);
                    text.Append(": ");
                    Write(member.Value, text);
                }, '}', text);
                break;
            case JsonValueKind.Array:
                List('[', element.EnumerateArray(), item => Write(item, text), ']', text);
                break;
            case JsonValueKind.String:
                Quote(element.GetString()!, text);
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }

    private static void List<T>(char open, IEnumerable<T> parts, Action<T> write, char close, StringBuilder text)
    {
        text.Append(open);
        var isFirst = true;
        foreach (var part in parts)
        {
            if (!isFirst) text.Append(", ");
            isFirst = false;
            write(part);
        }

        text.Append(close);
    }

    private static void Quote(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }
}

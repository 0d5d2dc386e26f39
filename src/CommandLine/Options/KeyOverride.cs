using System.Globalization;
using ArchGen.Gguf;

namespace ArchGen.CommandLine.Options;

/// <summary>A key of a file in the form of llama.cpp's --override-kv: KEY=TYPE:VALUE.</summary>
internal static class KeyOverride
{
    /// <summary>Reads a key with its value.</summary>
    /// <exception cref="ArchGenException">The text is not of this form.</exception>
    public static KeyValuePair<string, GgufValue> Parse(string text)
    {
        var equals = text.IndexOf('=');
        var colon = equals < 0 ? -1 : text.IndexOf(':', equals);
        if (equals <= 0 || colon < 0) throw Wrong(text);
        return new(text[..equals], Value(text, text[(equals + 1)..colon], text[(colon + 1)..]));
    }

    private static GgufValue Value(string text, string type, string value) => type switch
    {
        "str" => GgufValue.From(value),
        "int" when uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) => GgufValue.From(whole),
        "float" when NumberOption.TryParse<float>(value, out var number) => GgufValue.From(number),
        "bool" when value is "true" or "false" => GgufValue.From(value == "true"),
        _ => throw Wrong(text),
    };

    private static RequestException Wrong(string text) =>
        new($"--override-kv '{text}' is not of the form KEY=TYPE:VALUE with a TYPE of int (0 or more), float, bool or str: general.name=str:My model.");
}

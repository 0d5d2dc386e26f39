using System.Globalization;
using System.Text;

namespace ArchGen.CommandLine.Options;

/// <summary>The escape sequences of <c>-e</c> in llama.cpp's tools: \n \r \t \' \" \\ and \xHH, a byte; any other backslash stays.</summary>
internal static class Escapes
{
    /// <summary>The text with its escape sequences replaced.</summary>
    public static string Read(string text)
    {
        // Bytes, as several \xHH may make one character.
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes(text);
        var result = new List<byte>(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != '\\' || i + 1 == bytes.Length)
            {
                result.Add(bytes[i]);
            }
            else if (bytes[i + 1] == 'x' && i + 3 < bytes.Length
                && byte.TryParse(bytes.Slice(i + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                result.Add(value);
                i += 3;
            }
            else if (Escaped(bytes[i + 1]) is { } character)
            {
                result.Add((byte)character);
                i++;
            }
            else
            {
                result.Add(bytes[i]);
            }
        }

        return Encoding.UTF8.GetString(result.ToArray());
    }

    private static char? Escaped(byte letter) => (char)letter switch
    {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '\'' or '"' or '\\' => (char)letter,
        _ => null,
    };
}

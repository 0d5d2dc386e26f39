using System.Text;

namespace ArchGen.Gguf;

/// <summary>Text from a file in a message: a hostile name must neither flood the terminal nor control it.</summary>
internal static class MessageText
{
    private const int MaximumLength = 60;

    /// <summary>The text in quotation marks, truncated after some characters, with control characters as their code.</summary>
    public static string Quote(string text, int maximumLength = MaximumLength)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, maximumLength)))
        {
            if (char.IsControl(c))
                quoted.Append($"\\u{(int)c:X4}");
            else
                quoted.Append(c);
        }

        return quoted.Append(text.Length > maximumLength ? $"...\" of {text.Length} characters" : "\"").ToString();
    }
}

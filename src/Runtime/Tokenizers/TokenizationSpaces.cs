namespace ArchGen.Tokenizers;

/// <summary>Removes spaces that tokenization put into a text (the <c>clean_up_tokenization_spaces</c> of Hugging Face's tokenizers).</summary>
internal static class TokenizationSpaces
{
    public static void CleanUp(List<byte> text)
    {
        Rewrite(text, RemoveBeforePunctuation);
        Rewrite(text, RemoveAroundApostrophe);
        Rewrite(text, RemoveBeforeContraction);
    }

    /// <summary>Decides by the byte at <paramref name="i"/>, which follows a space, whether that space and the byte after it are removed.</summary>
    private delegate (bool Space, bool Next) Rule(List<byte> text, int i);

    private static (bool Space, bool Next) RemoveBeforePunctuation(List<byte> text, int i) =>
        (text[i] is (byte)'?' or (byte)'!' or (byte)'.' or (byte)',', false);

    private static (bool Space, bool Next) RemoveAroundApostrophe(List<byte> text, int i)
    {
        var stands = text[i] == '\'' && i + 1 < text.Count && text[i + 1] == ' ';
        return (stands, stands);
    }

    private static (bool Space, bool Next) RemoveBeforeContraction(List<byte> text, int i)
    {
        if (text[i] != '\'' || i + 1 >= text.Count) return (false, false);
        if (text[i + 1] is (byte)'s' or (byte)'m') return (true, false);
        return (i + 2 < text.Count && text[i + 1] is (byte)'r' or (byte)'v' && text[i + 2] == 'e', false);
    }

    private static void Rewrite(List<byte> text, Rule rule)
    {
        var length = Math.Min(1, text.Count);
        for (var i = 1; i < text.Count; i++)
        {
            var current = text[i];
            var (space, next) = text[i - 1] == ' ' ? rule(text, i) : default;
            if (space) length--;
            text[length++] = current;
            if (next) text[++i] = 0; // so that what follows no longer follows a space
        }

        text.RemoveRange(length, text.Count - length);
    }
}

namespace ArchGen.Chat.Answers;

/// <summary>Which characters of a text that goes on are known not to be a part of a marker.</summary>
internal static class HeldBack
{
    /// <summary>The length of the text that comes before any marker which may begin in it. Spaces at its end may belong to one, too.</summary>
    /// <param name="text">The text, in which no marker is complete.</param>
    /// <param name="markers">The markers.</param>
    public static int KnownLength(string text, IReadOnlyList<string> markers)
    {
        var longest = 0;
        foreach (var marker in markers)
        {
            for (var length = Math.Min(marker.Length - 1, text.Length); length > longest; length--)
            {
                if (!text.AsSpan(text.Length - length).SequenceEqual(marker.AsSpan(0, length))) continue;
                longest = length;
                break;
            }
        }

        return markers.Count == 0 ? text.Length : text.AsSpan(0, text.Length - longest).TrimEnd().Length;
    }

    /// <summary>The first marker in a text, the longest if several begin there; null if there is none.</summary>
    public static (int At, string? Marker) FirstOf(string text, IReadOnlyList<string> markers)
    {
        (int At, string? Marker) first = (-1, null);
        foreach (var marker in markers)
        {
            var at = text.IndexOf(marker, StringComparison.Ordinal);
            if (at < 0 || (first.Marker is not null && (at > first.At || (at == first.At && marker.Length <= first.Marker.Length)))) continue;
            first = (at, marker);
        }

        return first;
    }
}

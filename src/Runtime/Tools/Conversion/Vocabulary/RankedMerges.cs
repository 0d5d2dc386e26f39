using ArchGen.Tokenizers;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>
/// The merges of byte-pair vocabularies that list tokens as bytes in the order of their ranks and have no merges (tiktoken, tekken.json): a token's merge is
/// the pair of parts that remains when the token itself is encoded with the tokens of lower rank.
/// </summary>
internal static class RankedMerges
{
    private const int MaxBytes = 256; // the time of merging grows with the square

    /// <summary>What <see cref="Decode"/> reads, for messages.</summary>
    public static string Expected => $"1 to {MaxBytes} bytes in base64";

    /// <summary>A token in the byte alphabet of GPT-2, from its bytes in base64; null if it is not such a token.</summary>
    public static string? Decode(string base64)
    {
        var bytes = new byte[MaxBytes];
        return Convert.TryFromBase64String(base64, bytes, out var length) && length > 0 ? ByteAlphabet.Encode(bytes[..length]) : null;
    }

    /// <summary>The merge of a token, "LEFT RIGHT"; null for a single byte, and where more than two parts remain.</summary>
    /// <param name="text">The token.</param>
    /// <param name="ranks">The tokens of lower rank, and others.</param>
    /// <param name="rank">The token's rank.</param>
    public static string? Of(string text, IReadOnlyDictionary<string, int> ranks, int rank)
    {
        List<string> parts = [.. text.Select(c => c.ToString())];
        while (parts.Count > 2)
        {
            var (best, at) = (rank, -1);
            for (var i = 0; i + 1 < parts.Count; i++)
            {
                if (ranks.TryGetValue(parts[i] + parts[i + 1], out var found) && found < best) (best, at) = (found, i);
            }

            if (at < 0) return null;
            parts[at] += parts[at + 1];
            parts.RemoveAt(at + 1);
        }

        return parts.Count == 2 ? $"{parts[0]} {parts[1]}" : null;
    }
}

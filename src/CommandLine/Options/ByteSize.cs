using System.Globalization;

namespace ArchGen.CommandLine.Options;

/// <summary>A number of bytes with a unit: 500M, 2G (powers of 1000, as in llama.cpp's split).</summary>
internal static class ByteSize
{
    /// <summary>Reads a size; null for none.</summary>
    /// <exception cref="ArchGenException">The text is no size.</exception>
    public static long? Parse(string? text, string option)
    {
        if (text is null) return null;
        var unit = char.ToUpperInvariant(text.Length > 0 ? text[^1] : '?') switch { 'K' => 1_000L, 'M' => 1_000_000, 'G' => 1_000_000_000, _ => 0 };
        return unit > 0 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number > 0 && number * unit < long.MaxValue
            ? (long)(number * unit)
            : throw new RequestException($"{option} is '{text}', expected a number with K, M or G: 500M, 2G.");
    }
}

using System.Globalization;
using System.Text.Json;
using ArchGen.Server.Http;

namespace ArchGen.Server.Models;

/// <summary>
/// How long a request wants its model to be kept open after it: <c>keep_alive</c> as ollama has it (seconds, or a text such as "10m"), or <c>ttl</c> as LM
/// Studio has it (seconds). Less than 0 is forever, 0 is not at all.
/// </summary>
internal static class KeepAlive
{
    // Timers take no more.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Reads the fields; null if neither is there.</summary>
    /// <exception cref="RequestException">A value is none.</exception>
    public static TimeSpan? Of(in JsonFields fields)
    {
        if (fields.Any("keep_alive") is not { } value) return fields.Number("ttl") is { } seconds ? Seconds(seconds) : null;
        if (value.ValueKind == JsonValueKind.Number) return Seconds(value.GetDouble());
        return value.ValueKind == JsonValueKind.String && Parse(value.GetString()!) is { } time ? time
            : throw fields.Wrong("keep_alive", value, "a number of seconds, or a text such as \"10m\"");
    }

    /// <summary>Parses a time such as 90, 90s, 10m, 2h or -1; null if it is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        text = text.Trim();
        var unit = text.Length > 0 ? text[^1] : ' ';
        var factor = unit switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        var number = factor == 0 ? text : text[..^1];
        return double.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value) ? Seconds(value * Math.Max(factor, 1)) : null;
    }

    private static TimeSpan Seconds(double seconds) =>
        seconds < 0 || seconds > Longest.TotalSeconds ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);
}

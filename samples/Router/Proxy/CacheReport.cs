using System.Globalization;
using System.Text.RegularExpressions;

namespace ArchGen.Samples.Router.Proxy;

/// <summary>What a replica says of its cache: in the usage at the end of its answer, or in the header <c>x-archgen-cached</c>.</summary>
internal static partial class CacheReport
{
    /// <summary>The header: tokens of the prompt that were in the cache, and if it has a second number after a slash, tokens of the prompt.</summary>
    public const string Header = "x-archgen-cached";

    /// <summary>Tokens of the prompt in the cache, and tokens of the prompt and of the answer if they are stated; null if nothing is.</summary>
    /// <param name="header">The header's value; null if there is none.</param>
    /// <param name="tail">The end of the answer.</param>
    public static (int Cached, int? Prompt, int? Answer)? Read(string? header, string tail)
    {
        if (Last(OpenAICached(), tail) is { } cached) return (cached, Last(OpenAIPrompt(), tail), Last(OpenAIAnswer(), tail));
        if (Last(AnthropicCached(), tail) is { } read)
        {
            // Anthropic's count of the input has only what was not read from the cache.
            return (read, Last(AnthropicInput(), tail) is { } input ? read + input : null, Last(AnthropicAnswer(), tail));
        }

        if (header is null) return null;
        var parts = header.Split('/');
        return Number(parts[0]) is { } tokens ? (tokens, parts.Length > 1 ? Number(parts[1]) : null, null) : null;
    }

    private static int? Last(Regex name, string text) => name.Match(text) is { Success: true } match ? Number(match.Groups[1].ValueSpan) : null;

    private static int? Number(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : null;

    // A quote inside a text of JSON has a backslash before it: what a model writes is not taken for the usage.
    [GeneratedRegex("""(?<!\\)"cached_tokens"\s*:\s*([0-9]{1,9})""", RegexOptions.RightToLeft)]
    private static partial Regex OpenAICached();

    [GeneratedRegex("""(?<!\\)"prompt_tokens"\s*:\s*([0-9]{1,9})""", RegexOptions.RightToLeft)]
    private static partial Regex OpenAIPrompt();

    [GeneratedRegex("""(?<!\\)"completion_tokens"\s*:\s*([0-9]{1,9})""", RegexOptions.RightToLeft)]
    private static partial Regex OpenAIAnswer();

    [GeneratedRegex("""(?<!\\)"output_tokens"\s*:\s*([0-9]{1,9})""", RegexOptions.RightToLeft)]
    private static partial Regex AnthropicAnswer();

    [GeneratedRegex("""(?<!\\)"cache_read_input_tokens"\s*:\s*([0-9]{1,9})""", RegexOptions.RightToLeft)]
    private static partial Regex AnthropicCached();

    [GeneratedRegex("""(?<!\\)"input_tokens"\s*:\s*([0-9]{1,9})""", RegexOptions.RightToLeft)]
    private static partial Regex AnthropicInput();
}

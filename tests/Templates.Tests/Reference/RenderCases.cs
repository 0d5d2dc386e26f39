using System.Text.Json;

namespace ArchGen.Templates.Tests.Reference;

/// <summary>Renders templates as the reference did: at its time, with its variables, and gives its result or its error.</summary>
internal static class RenderCases
{
    /// <summary>The time at which the references were made.</summary>
    public static readonly TimeProvider Clock = new FixedClock(new DateTimeOffset(2026, 3, 14, 15, 9, 26, TimeSpan.Zero));

    /// <summary>The text, or kind and reason of the error.</summary>
    public static (string? Text, string? Error) Render(string template, TemplateVariables variables)
    {
        try
        {
            return (Template.Parse(template).Render(variables, new RenderOptions { Clock = Clock }).Text, null);
        }
        catch (TemplateException error)
        {
            return (null, $"{error.Kind}: {error.Reason}");
        }
    }

    /// <summary>How results differ from those in renders.json of a folder of fixtures; the number of results is counted.</summary>
    public static List<string> Compare(string folder, ref int count)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "renders.json")));
        var root = document.RootElement;
        var differences = new List<string>();
        foreach (var template in root.GetProperty("renders").EnumerateObject())
        {
            var text = File.ReadAllText(Path.Combine(folder, "templates", template.Name));
            foreach (var render in template.Value.EnumerateObject())
            {
                count++;
                var variables = TemplateVariables.FromJson(root.GetProperty("cases").GetProperty(render.Name));
                foreach (var token in new[] { "bos_token", "eos_token" }) variables[token] = TemplateValue.Trusted(root.GetProperty(token).GetString()!);
                var actual = Render(text, variables);
                var expected = (render.Value.TryGetProperty("ok", out var ok) ? ok.GetString() : null,
                    render.Value.TryGetProperty("error", out var error) ? error.GetString() : null);
                if (actual != expected) differences.Add($"{template.Name}, {render.Name}:\n  expected {Show(expected)}\n  actual   {Show(actual)}");
            }
        }

        return differences;
    }

    public static string Show((string? Text, string? Error) result) => result.Error ?? JsonEncodedText.Encode(result.Text!).ToString();

    private sealed class FixedClock(DateTimeOffset time) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => time;
    }
}

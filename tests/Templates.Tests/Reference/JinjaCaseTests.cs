using System.Text.Json;
using ArchGen.Fixtures;

namespace ArchGen.Templates.Tests.Reference;

/// <summary>
/// Small templates give what Jinja2 gives: every statement, operator, filter, test and method. Jinja2's results are in Data/cases.jsonl, which
/// make_cases.py writes. ARCHGEN_TEMPLATE_CASES names a further file of this form, such as one of random templates.
/// </summary>
public sealed class JinjaCaseTests
{
    private static readonly string Folder = Path.Combine(SharedFixtures.Root, "tests", "Templates.Tests", "Reference", "Data");

    [Fact]
    public void Every_case_is_as_in_Jinja2() => Compare(Path.Combine(Folder, "cases.jsonl"), 430);

    [Fact]
    public void Further_cases_are_as_in_Jinja2()
    {
        var file = Environment.GetEnvironmentVariable("ARCHGEN_TEMPLATE_CASES");
        Assert.SkipWhen(file is null, "ARCHGEN_TEMPLATE_CASES names no file");
        Compare(file!, 1);
    }

    private static void Compare(string file, int least)
    {
        var (common, count, differences) = (default(TemplateVariables), 0, new List<string>());
        foreach (var line in File.ReadLines(file))
        {
            using var document = JsonDocument.Parse(line);
            var row = document.RootElement;
            if (common is null)
            {
                common = TemplateVariables.FromJson(row.GetProperty("variables"));
                continue;
            }

            count++;
            var variables = row.TryGetProperty("variables", out var more) ? common.With(TemplateVariables.FromJson(more)) : common;
            var template = row.GetProperty("template").GetString()!;
            var actual = RenderCases.Render(template, variables);
            var expected = (Text(row, "ok"), Text(row, "error"));
            if (Agree(expected, actual)) continue;
            differences.Add($"{template}\n  expected {RenderCases.Show(expected)}\n  actual   {RenderCases.Show(actual)}");
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {count}:\n{string.Join('\n', differences.Take(100))}");
        Assert.True(count >= least, $"{count} cases");
    }

    // The text, or the kind of the error. A message is Python's only in part.
    private static bool Agree((string? Text, string? Error) expected, (string? Text, string? Error) actual)
    {
        if (expected.Error is null || actual.Error is null) return expected == actual;
        var (kind, other) = (Kind(expected.Error), Kind(actual.Error));
        return kind == other || (kind is "KeyError" or "IndexError" && other == "LookupError") || (kind == "SyntaxError" && other == "TemplateSyntaxError")
            || (kind == "RuntimeError" && other == "TemplateRuntimeError") || (kind == "AssertionError" && other == "ValueError")
            || (kind == "AttributeError" && other == "TypeError");
    }

    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static string Kind(string error) => error[..error.IndexOf(':', StringComparison.Ordinal)];
}

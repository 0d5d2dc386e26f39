using System.Text.RegularExpressions;
using ArchGen.Fixtures;

namespace ArchGen.Testing.Tests;

/// <summary>The examples of docs/testing.md are parts of tests, so they compile and pass.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void Each_example_is_a_part_of_a_test()
    {
        var tests = new[] { "Frameworks", "Testing.Tests" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(SharedFixtures.Root, "tests", folder), "*.cs", SearchOption.AllDirectories))
            .Select(Read).ToList();
        var examples = Example().Matches(Read(Path.Combine(SharedFixtures.Root, "docs", "testing.md"))).Select(match => match.Groups[1].Value).ToList();
        Assert.True(examples.Count >= 6, $"only {examples.Count} examples");
        Assert.All(examples, example => Assert.Contains(tests, test => test.Contains(example, StringComparison.Ordinal)));
    }

    private static string Read(string path) => File.ReadAllText(path).ReplaceLineEndings("\n");

    [GeneratedRegex("```csharp\n(.*?)```\n", RegexOptions.Singleline)]
    private static partial Regex Example();
}

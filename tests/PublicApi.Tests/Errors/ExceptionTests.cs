using System.Text.RegularExpressions;
using ArchGen.Fixtures;

namespace ArchGen.PublicApi.Tests.Errors;

/// <summary>docs/library.md says of each public exception when it is thrown and what a caller can do.</summary>
public sealed partial class ExceptionTests
{
    [Fact]
    public void Each_is_in_the_table()
    {
        var rows = File.ReadAllLines(Path.Combine(SharedFixtures.Root, "docs", "library.md"))
            .SkipWhile(line => line != "## Errors").Where(line => line.StartsWith('|') && line.Contains("Exception`", StringComparison.Ordinal)).ToList();
        Assert.All(rows, row => Assert.Equal(5, row.Split('|').Length));
        var named = rows.SelectMany(row => Name().Matches(row.Split('|')[1]).Select(match => match.Groups[1].Value));
        var types = PublicMembers.Assemblies.SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => typeof(Exception).IsAssignableFrom(type) && type != typeof(ArchGenException));
        Assert.Equal(types.Select(type => type.Name).Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("`([A-Za-z]+Exception)`")]
    private static partial Regex Name();
}

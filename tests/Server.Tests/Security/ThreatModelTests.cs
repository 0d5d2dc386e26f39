using System.Reflection;
using System.Text.RegularExpressions;

namespace ArchGen.Server.Tests.Security;

/// <summary>Each line of docs/threat-model.md names the tests that hold it.</summary>
public sealed partial class ThreatModelTests
{
    [Fact]
    public void Every_line_names_tests_that_exist()
    {
        var rows = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "threat-model.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| threat", StringComparison.Ordinal)).ToArray();
        Assert.True(rows.Length > 20);
        var tests = typeof(ThreatModelTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()
            .Where(method => method.GetCustomAttribute<FactAttribute>() is not null).Select(method => $"{type.Name}.{method.Name}")).ToHashSet();
        foreach (var row in rows)
        {
            var named = Name().Matches(row.Split('|')[^2]);
            Assert.True(named.Count > 0, row);
            foreach (Match name in named) Assert.True(tests.Contains(name.Groups[1].Value), $"{name.Groups[1].Value} is no test: {row}");
        }
    }

    [GeneratedRegex("`([A-Za-z]+\\.[A-Za-z_]+)`")]
    private static partial Regex Name();
}

using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ArchGen.Fixtures;

namespace ArchGen.PublicApi.Tests.Threads;

/// <summary>Each public class with methods says how many callers its objects may have, and docs/library.md says the same.</summary>
public sealed partial class ThreadSafetyTests
{
    private static readonly Dictionary<string, string> Documentation = PublicMembers.Assemblies
        .SelectMany(assembly => XDocument.Load(Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml")).Descendants("member"))
        .DistinctBy(NameOf).ToDictionary(NameOf, member => Spaces().Replace(member.Value, " "));

    public static TheoryData<string> Stateful => [.. PublicMembers.Types.Where(IsStateful).Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Stateful))]
    public void A_class_says_how_many_callers_it_may_have(string type)
    {
        var text = Documentation.GetValueOrDefault("T:" + type, "");
        var states = (IsSafe(text) ? 1 : 0) + (IsForOne(text) ? 1 : 0);
        Assert.True(states == 1, $"{type} should say \"safe for concurrent use\" or \"for one caller at a time\", and says: {text.Trim()}");
    }

    [Theory]
    [InlineData("| any number at the same time, since they are read-only |", true)]
    [InlineData("| any number at the same time |", true)]
    [InlineData("| one at a time; make one for each thread |", false)]
    public void The_table_agrees_with_the_types(string row, bool isSafe)
    {
        var page = File.ReadAllText(Path.Combine(SharedFixtures.Root, "docs", "library.md"));
        var line = Assert.Single(page.Split('\n'), line => line.StartsWith(row, StringComparison.Ordinal));
        var names = Code().Matches(line).Select(match => match.Groups[1].Value).ToList();
        Assert.True(names.Count >= 5, line);
        Assert.All(names, name =>
        {
            var type = PublicMembers.Types.Single(type => type.Name == name);
            Assert.Equal(isSafe, IsSafe(Documentation["T:" + type.FullName]));
        });
    }

    [Fact]
    public void Most_classes_are_seen() => Assert.InRange(PublicMembers.Types.Count(IsStateful), 70, 400);

    private static string NameOf(XElement member) => member.Attribute("name")!.Value;

    private static bool IsSafe(string text) => Safe().IsMatch(text);

    private static bool IsForOne(string text) => ForOne().IsMatch(text);

    private static bool IsStateful(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        if (!type.IsClass || type is { IsAbstract: true, IsSealed: true } || type.GetMethod("<Clone>$") is not null) return false;
        return type.GetMethods(Declared).Any(method => !method.IsSpecialName && method.GetBaseDefinition().DeclaringType != typeof(object)
            && method.Name is not ("Dispose" or "GetEnumerator" or "Equals"));
    }

    [GeneratedRegex(
        "(safe (for|to use from) (concurrent|several|many)|any number of (matchers|callers)|stateless: one instance serves|several threads may use it)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Safe();

    [GeneratedRegex("((?<!safe )for one caller at a time|one thread at a time may|not thread-safe)", RegexOptions.IgnoreCase)]
    private static partial Regex ForOne();

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}

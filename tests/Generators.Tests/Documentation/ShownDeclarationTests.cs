extern alias Dsl;

using System.Reflection;
using System.Text.RegularExpressions;
using ArchGen.Generators.Tests.Diagnostics;
using OpAttribute = Dsl::ArchGen.OpAttribute;

namespace ArchGen.Generators.Tests.Documentation;

/// <summary>The pages whose blocks are whole declarations: each compiles without a report, and each attribute has its example.</summary>
public partial class ShownDeclarationTests
{
    private static readonly DocsPage Attributes = new("attributes.md");

    // OpAttribute marks the functions of the language, and those of assemblies the generator writes; a declaration has none.
    private static readonly IReadOnlyDictionary<string, Type> Declared = typeof(OpAttribute).Assembly.GetExportedTypes()
        .Where(t => t.IsSubclassOf(typeof(Attribute)) && t != typeof(OpAttribute)
            && t.GetCustomAttribute<AttributeUsageAttribute>()!.ValidOn != AttributeTargets.Assembly)
        .ToDictionary(t => t.Name[..^nameof(Attribute).Length]);

    [Theory]
    [InlineData("attributes.md")]
    [InlineData("from-a-paper-to-a-file.md")]
    public void The_declarations_of_a_page_are_clean(string page)
    {
        var files = new DocsPage(page).Files;
        var run = GeneratorRun.Of(Porting.WithBases([.. files.SelectMany(f => Porting.MentionedBy(f.Text))]).Concat(files));
        Assert.Empty(run.Reported);
        var names = files.SelectMany(f => Class().Matches(f.Text)).Select(m => m.Groups[1].Value).ToList();
        Assert.True(names.Count >= 7);
        Assert.All(names, name => Assert.Contains($"ArchGen.Architectures.{name}.Graph.g.cs", run.Generated.Keys));
    }

    [Fact]
    public void Each_attribute_has_an_example()
    {
        Assert.True(Declared.Count > 20);
        Assert.Equal(Declared.Keys.Order(StringComparer.Ordinal), Attributes.Sections(3).Keys.Order(StringComparer.Ordinal));
        Assert.All(Attributes.Sections(3), section => Assert.Matches($@"```csharp\n(.*\n)*?.*[\[ ]{section.Key}[(\]]", section.Value));
    }

    /// <summary>And each thing that it can state is explained below its heading, or shown there.</summary>
    [Fact]
    public void Each_property_of_an_attribute_is_explained() => Assert.All(Attributes.Sections(3), section =>
    {
        foreach (var property in Declared[section.Key].GetProperties(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.CanWrite) Assert.Contains($"`{property.Name}`", section.Value, StringComparison.Ordinal);
        }

        Assert.All(Row().Matches(section.Value), row => Assert.NotNull(Declared[section.Key].GetProperty(row.Groups[1].Value)));
    });

    [GeneratedRegex(@"(?<=\n)\[Architecture\((?:.*\n)*?public partial class (\w+)")]
    private static partial Regex Class();

    [GeneratedRegex(@"(?<=\n)\| `(\w+)` \|")]
    private static partial Regex Row();
}

using System.Text.RegularExpressions;
using ArchGen.Testing;

namespace ArchGen.Generators.Tests.Snapshots;

/// <summary>What is generated for the architectures that ArchGen declares.</summary>
public class DeclaredArchitectureTests
{
    public static TheoryData<string> Names => [.. DeclaredArchitectures.Own];

    [Fact]
    public void Nothing_is_reported() => DeclaredArchitectures.Run.AssertClean();

    [Theory]
    [MemberData(nameof(Names))]
    public Task The_graph_is_the_verified_one(string name) => Verify(name, "Graph");

    [Theory]
    [MemberData(nameof(Names))]
    public Task The_loader_is_the_verified_one(string name) => Verify(name, "Loader");

    [Theory]
    [MemberData(nameof(Names))]
    public Task The_hyper_parameters_are_the_verified_ones(string name) => Verify(name, "HyperParameters");

    [Theory]
    [InlineData("Qwen3")]
    public Task The_members_are_the_verified_ones(string name) => Verify(name, "Members");

    [Theory]
    [MemberData(nameof(Names))]
    public Task The_names_of_tensors_are_the_verified_ones(string name) => Verify(name, "TensorNames");

    [Fact]
    public Task The_catalog_is_the_verified_one() =>
        TextSnapshot.Verify(GeneratorRun.Of(TinyArchitecture.Source).AssertClean().Generated["Catalog.g.cs"], "Catalog.Tiny");

    /// <summary>The catalog lists every architecture, by name.</summary>
    [Fact]
    public void The_catalog_lists_all()
    {
        var byName = DeclaredArchitectures.Files.Where(f => !f.IsAbstract)
            .SelectMany(f => Regex.Matches(f.Text, @"\[Architecture\(""([^""]+)""(?:.|\n)*?public partial class (\w+)"))
            .OrderBy(m => m.Groups[1].Value, StringComparer.Ordinal).Select(m => $"global::ArchGen.Architectures.{m.Groups[2].Value}.Info,").ToList();
        Assert.True(byName.Count >= 36, $"only {byName.Count} architectures");
        var lines = DeclaredArchitectures.Run.Generated["Catalog.g.cs"].Split('\n').Select(l => l.Trim());
        Assert.Equal(byName, lines.Where(l => l.EndsWith(".Info,", StringComparison.Ordinal)));
    }

    /// <summary>None of a class's snapshots is there alone, so that a lost one is noticed; and each is that of a class.</summary>
    [Fact]
    public void Snapshots_are_complete()
    {
        if (TextSnapshot.IsAccepting) return;
        string[] artefacts = ["Graph", "HyperParameters", "Loader", "TensorNames"];
        Assert.Equal(
            DeclaredArchitectures.Own.SelectMany(name => artefacts.Select(a => $"{a}.{name}")).Order(StringComparer.Ordinal),
            DeclaredArchitectures.Snapshots.Where(s => artefacts.Contains(s.Split('.')[0])).Order(StringComparer.Ordinal));
        Assert.True(DeclaredArchitectures.Own.Count() >= 36);
    }

    private static Task Verify(string name, string artefact) =>
        TextSnapshot.Verify(DeclaredArchitectures.Run.Generated[$"ArchGen.Architectures.{name}.{artefact}.g.cs"], $"{artefact}.{name}");
}

namespace ArchGen.Generators.Tests.Snapshots;

/// <summary>What is generated for the architectures that ArchGen declares.</summary>
public class DeclaredArchitectureTests
{
    public static TheoryData<string> Names => [.. DeclaredArchitectures.Names];

    [Fact]
    public void NothingIsReported() => DeclaredArchitectures.Run.AssertClean();

    [Theory]
    [MemberData(nameof(Names))]
    public void Graph(string name) => Verify(name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Loader(string name) => Verify(name);

    [Theory]
    [MemberData(nameof(Names))]
    public void HyperParameters(string name) => Verify(name);

    [Fact]
    public void Catalog() => Snapshot.Verify(DeclaredArchitectures.Run.Generated["Catalog.g.cs"], nameof(Catalog), "All");

    [Theory]
    [InlineData("Qwen3")]
    public void Members(string name) => Verify(name);

    [Theory]
    [MemberData(nameof(Names))]
    public void TensorNames(string name) => Verify(name);

    private static void Verify(string name, [System.Runtime.CompilerServices.CallerMemberName] string artefact = "") =>
        Snapshot.Verify(DeclaredArchitectures.Run.Generated[$"ArchGen.Architectures.{name}.{artefact}.g.cs"], artefact, name);
}

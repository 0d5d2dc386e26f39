namespace ArchGen.Generators.Model;

/// <summary>What is read from one file.</summary>
/// <param name="Architectures">The architectures that it declares.</param>
/// <param name="Names">The names by which they are found and where these stand; apart, since places change with every edit above them.</param>
/// <param name="Misplaced">Declarations that belong to no architecture.</param>
internal sealed record FileModel(EquatableArray<ArchitectureModel> Architectures, EquatableArray<ArchitectureName> Names,
    EquatableArray<DiagnosticModel> Misplaced);

/// <summary>A name by which an architecture is found, and a report for the case that another has it too.</summary>
/// <param name="Claim">What a class does that has it: <c>declare the architecture</c>, <c>claim the Hugging Face class</c>.</param>
/// <param name="Name">The name.</param>
/// <param name="Class">The class.</param>
/// <param name="Report">The report without its arguments.</param>
internal sealed record ArchitectureName(string Claim, string Name, string Class, DiagnosticModel Report)
{
    /// <summary>The report that another class has the name already.</summary>
    public DiagnosticModel Duplicates(ArchitectureName first) => Report with { Arguments = new[] { first.Class, Class, Claim, Name }.ToEquatable() };
}

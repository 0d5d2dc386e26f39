using ArchGen.Generators.Parsing;

namespace ArchGen.Generators.Model;

/// <summary>What is read from one file.</summary>
/// <param name="Architectures">The architectures that it declares.</param>
/// <param name="Names">The names by which they are found and where these stand; apart, since places change with every edit above them.</param>
/// <param name="Misplaced">Declarations that belong to no architecture.</param>
internal sealed record FileModel(EquatableArray<ArchitectureModel> Architectures, EquatableArray<ArchitectureName> Names, EquatableArray<DiagnosticModel> Misplaced);

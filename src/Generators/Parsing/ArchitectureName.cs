using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>The name of an architecture, and a report for the case that another has it too.</summary>
internal sealed record ArchitectureName(string Name, string Class, DiagnosticModel Report)
{
    public static ArchitectureName Of(INamedTypeSymbol type)
    {
        var attribute = type.Attribute(KnownNames.Architecture)!;
        return new ArchitectureName(attribute.Text(), type.Name, DiagnosticModel.Create(Descriptors.DuplicateArchitecture, attribute.Location(null)));
    }

    public DiagnosticModel Duplicates(ArchitectureName first) => Report with { Arguments = new[] { first.Class, Class, Name }.ToEquatable() };
}

using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>The name of an architecture, and a report for the case that another has it too.</summary>
internal sealed record ArchitectureName(string Name, string Class, DiagnosticModel Report)
{
    public static ArchitectureName? Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        if (!ArchitectureParser.IsFirst(context)) return null;
        var attribute = context.Attributes[0];
        var report = DiagnosticModel.Create(Descriptors.DuplicateArchitecture, attribute.Location(null));
        return new ArchitectureName(attribute.Text(), context.TargetSymbol.Name, report);
    }

    public DiagnosticModel Duplicates(ArchitectureName first) => Report with { Arguments = new[] { first.Class, Class, Name }.ToEquatable() };
}

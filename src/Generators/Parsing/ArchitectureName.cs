using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>A name by which an architecture is found, and a report for the case that another has it too.</summary>
/// <param name="Claim">What a class does that has it: <c>declare the architecture</c>, <c>claim the Hugging Face class</c>.</param>
/// <param name="Name">The name.</param>
/// <param name="Class">The class.</param>
/// <param name="Report">The report without its arguments.</param>
internal sealed record ArchitectureName(string Claim, string Name, string Class, DiagnosticModel Report)
{
    /// <summary>The architecture's name, and the Hugging Face classes whose checkpoints become one of it.</summary>
    public static IEnumerable<ArchitectureName> Of(INamedTypeSymbol type)
    {
        var attribute = type.Attribute(KnownNames.Architecture)!;
        yield return Create("declare the architecture", attribute.Text(), type, attribute.Location(null));
        if (type.IsAbstract || type.Attribute(KnownNames.HuggingFace) is not { } huggingFace) yield break;
        var classes = ArchitectureParser.HuggingFaceClasses(type).ToList();
        for (var i = 0; i < classes.Count; i++)
        {
            if (classes.IndexOf(classes[i]) == i) yield return Create("claim the Hugging Face class", classes[i], type, huggingFace.ArgumentLocation(i));
        }
    }

    public DiagnosticModel Duplicates(ArchitectureName first) => Report with { Arguments = new[] { first.Class, Class, Claim, Name }.ToEquatable() };

    private static ArchitectureName Create(string claim, string name, INamedTypeSymbol type, Location location) =>
        new(claim, name, type.Name, DiagnosticModel.Create(Descriptors.DuplicateArchitecture, location));
}

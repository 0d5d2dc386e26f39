using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>The names by which an architecture is found.</summary>
internal static class ArchitectureNames
{
    /// <summary>The architecture's name, and the Hugging Face classes whose checkpoints become one of it.</summary>
    public static IEnumerable<ArchitectureName> Of(INamedTypeSymbol type)
    {
        var attribute = type.Attribute(KnownNames.Architecture)!;
        yield return Create("declare the architecture", attribute.Text(), type, attribute.Location(null));
        if (type.IsAbstract) yield break;
        var claimed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var claim in new[] { KnownNames.HuggingFace, KnownNames.TextOf }.Select(type.Attribute).OfType<AttributeData>())
        {
            var classes = ArchitectureParser.Classes(claim).ToList();
            for (var i = 0; i < classes.Count; i++)
            {
                if (claimed.Add(classes[i])) yield return Create("claim the Hugging Face class", classes[i], type, claim.ArgumentLocation(i));
            }
        }
    }

    private static ArchitectureName Create(string claim, string name, INamedTypeSymbol type, Location location) =>
        new(claim, name, type.Name, Descriptors.DuplicateArchitecture.At(location));
}

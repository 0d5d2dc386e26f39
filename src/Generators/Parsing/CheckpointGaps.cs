using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>Finds what an architecture of a class of transformers needs and says no name for: no checkpoint of that class could be converted.</summary>
internal static class CheckpointGaps
{
    private const int NamedAtMost = 3;

    /// <summary>Reports all that is left out at the first place of it.</summary>
    public static void Check(INamedTypeSymbol architecture, ClassScope root, HyperParameterTable hyperParameters, Action<DiagnosticModel> report)
    {
        if (architecture.IsAbstract || ArchitectureParser.HuggingFaceClasses(architecture).FirstOrDefault() is not { } className) return;
        var missing = new List<ISymbol>(hyperParameters.WithoutSource());
        missing.AddRange(Tensors(root));
        // A checkpoint need not have what a file may lack.
        foreach (var list in root.Lists.Values.Where(l => !l.Model.Optional))
        {
            var tensors = list.Kinds.SelectMany(Tensors).ToList();
            // Without their prefix, the blocks' own names say nothing.
            if (list.Model.HuggingFace.Count == 0 && list.Kinds.Any(k => k.Tensors.Values.Any(t => t.Model.HuggingFace.Count > 0))) missing.Add(list.Property);
            else missing.AddRange(tensors);
        }

        missing = [.. missing.Distinct<ISymbol>(SymbolEqualityComparer.Default)];
        if (missing.Count == 0) return;
        var names = string.Join(", ", missing.Take(NamedAtMost).Select(m => $"'{m.Name}'"))
            + (missing.Count > NamedAtMost ? $" and {(missing.Count - NamedAtMost).ToString(System.Globalization.CultureInfo.InvariantCulture)} more are"
                : missing.Count > 1 ? " are" : " is");
        var own = missing.FirstOrDefault(m => Outermost(m.ContainingType).Equals(architecture, SymbolEqualityComparer.Default));
        var place = own?.FirstLocation() ?? (architecture.Attribute(KnownNames.HuggingFace) ?? architecture.Attribute(KnownNames.TextOf))!.Location();
        report(Descriptors.NotInCheckpoint.At(place, className, names,
            own is not null ? "add Hf = \"...\" to its attribute" : $"add [Hf(nameof({missing[0].Name}), \"...\")]"));
    }

    private static IEnumerable<ISymbol> Tensors(ClassScope scope) => scope.Tensors.Values
        .Where(t => t.Model is { Optional: false, TiedTo: null, RequiredIf: null, HuggingFace.Count: 0 }).Select(t => t.Property);

    private static INamedTypeSymbol Outermost(INamedTypeSymbol type) => type.ContainingType is { } outer ? Outermost(outer) : type;
}

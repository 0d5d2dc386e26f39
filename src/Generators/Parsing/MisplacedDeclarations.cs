using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>Finds declarations that no architecture reads, because they stand on a class that is neither one nor a block of one.</summary>
internal static class MisplacedDeclarations
{
    /// <summary>The attributes of declarations.</summary>
    public static readonly string[] Attributes = [KnownNames.Tensor, KnownNames.State, KnownNames.Blocks, KnownNames.HyperParameter];

    /// <summary>What is wrong with the place of a declaration, or null.</summary>
    public static DiagnosticModel? Check(GeneratorAttributeSyntaxContext context)
    {
        var type = context.TargetSymbol.ContainingType;
        var attribute = context.Attributes[0].AttributeClass!;
        if (Reason(type, attribute) is not { } reason) return null;
        // One class is one mistake: its first declaration speaks for all.
        var first = type.GetMembers().First(m => m.GetAttributes().Any(a => Attributes.Any(n => a.AttributeClass.Is(n)) && Reason(type, a.AttributeClass!) == reason));
        return SymbolEqualityComparer.Default.Equals(first, context.TargetSymbol)
            ? DiagnosticModel.Create(Descriptors.Misplaced, context.TargetSymbol.FirstLocation(), context.TargetSymbol.Name, attribute.Name.Replace("Attribute", ""), reason)
            : null;
    }

    private static string? Reason(INamedTypeSymbol type, INamedTypeSymbol attribute)
    {
        var isHyperParameter = attribute.Is(KnownNames.HyperParameter);
        var architecture = type.ContainingType is { } outer && outer.Attribute(KnownNames.Architecture) is not null ? outer.Name : null;
        if (type.DerivesFrom(KnownNames.Block) && architecture is not null)
        {
            return isHyperParameter || attribute.Is(KnownNames.Blocks) ? $"'{type.Name}' is a block; declare it in {architecture}, where all its blocks can use it" : null;
        }

        if (type.Attribute(KnownNames.Architecture) is not null || (isHyperParameter && type.DerivesFrom(KnownNames.Model))) return null;
        return architecture is not null
            ? $"'{type.Name}' is not a block of {architecture}; derive it from Block"
            : $"'{type.Name}' is neither an architecture nor a block of one; add [Architecture] to it, or move it into an architecture";
    }
}

using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>Finds declarations that no architecture reads, because they stand on a class that is neither one nor a block of one.</summary>
internal static class MisplacedDeclarations
{
    /// <summary>What is wrong with the places of a file's declarations. One class is one mistake: its first declaration speaks for all.</summary>
    public static IEnumerable<DiagnosticModel> In(SyntaxNode root, Compilation compilation)
    {
        SemanticModel? semantics = null;
        foreach (var syntax in root.DescendantNodes(n => n is not BaseMethodDeclarationSyntax).OfType<PropertyDeclarationSyntax>()
            .Where(p => p.AttributeLists.Count > 0))
        {
            semantics ??= compilation.SemanticsOf(syntax.SyntaxTree);
            if (semantics.GetDeclaredSymbol(syntax) is not { } property || Find(property, compilation) is not var (attribute, reason)) continue;
            if (property.ContainingType.GetMembers().First(m => Find(m, compilation)?.Reason == reason).Equals(property, SymbolEqualityComparer.Default))
            {
                yield return Descriptors.Misplaced.At(property.FirstLocation(), property.Name, attribute.Name.Replace("Attribute", ""), reason);
            }
        }
    }

    /// <summary>The attribute of a declaration that is out of place, and why it is.</summary>
    private static (INamedTypeSymbol Attribute, string Reason)? Find(ISymbol member, Compilation compilation)
    {
        foreach (var attribute in member.GetAttributes())
        {
            if (attribute.AttributeClass is { } type && KnownNames.Declarations.Any(n => type.Is(n))
                && Reason(member.ContainingType, type, compilation) is { } reason)
            {
                return (type, reason);
            }
        }

        return null;
    }

    private static string? Reason(INamedTypeSymbol type, INamedTypeSymbol attribute, Compilation compilation)
    {
        var isHyperParameter = attribute.Is(KnownNames.HyperParameter);
        var architecture = type.ContainingType is { } outer && outer.Attribute(KnownNames.Architecture) is not null ? outer.Name : null;
        if (type.DerivesFrom(KnownNames.Block) && architecture is not null && !StandInBase.IsForNone(type, compilation))
        {
            return isHyperParameter || attribute.Is(KnownNames.Blocks)
                ? $"'{type.Name}' is a block; declare it in {architecture}, where all its blocks can use it" : null;
        }

        // What an interface declares is read where a block or an architecture names it.
        if (type.TypeKind == TypeKind.Interface)
        {
            return attribute.Is(KnownNames.Blocks)
                ? $"'{type.Name}' is an interface, which has no blocks; declare them in the architectures that use it" : null;
        }

        if (type.Attribute(KnownNames.Architecture) is not null || (isHyperParameter && type.DerivesFrom(KnownNames.Model))) return null;
        // What is wrong with the class around it is said there.
        if (type.ContainingType is { } container && architecture is null && container.GetMembers().Any(m => Find(m, compilation) is not null)) return null;
        return architecture is not null
            ? $"'{type.Name}' is not a block of {architecture}; derive it from Block"
            : $"'{type.Name}' is neither an architecture nor a block of one; add [Architecture] to it, or move it into an architecture";
    }
}

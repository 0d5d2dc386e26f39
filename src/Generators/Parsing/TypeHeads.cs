using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ArchGen.Generators.Parsing;

/// <summary>What another part of a class must repeat of its declaration.</summary>
internal static class TypeHeads
{
    /// <summary>The types around it, the outermost first.</summary>
    public static IEnumerable<OuterTypeModel> Outer(INamedTypeSymbol type) => type.ContainingType is not { } outer ? [] :
        [.. Outer(outer), new OuterTypeModel(outer.IsRecord, Keyword(outer), outer.Identifier(), TypeParameters(outer))];

    private static string Keyword(INamedTypeSymbol type) =>
        type.TypeKind switch { TypeKind.Struct => "struct", TypeKind.Interface => "interface", _ => "class" };

    /// <summary>The type parameters of a generic class; none for any other.</summary>
    public static EquatableArray<string> TypeParameters(INamedTypeSymbol type) => type.TypeParameters.Select(p => p.Identifier()).ToEquatable();

    /// <summary>What the names of a class's generated files begin with: its namespace, the types around it and itself, each with its type parameters.</summary>
    public static string FileName(INamedTypeSymbol type)
    {
        var own = type.TypeParameters.IsEmpty ? type.Name : $"{type.Name}({string.Join(", ", type.TypeParameters.Select(p => p.Name))})";
        var outer = type.ContainingType is { } around ? FileName(around) : NamespaceName(type.ContainingNamespace);
        return outer.Length == 0 ? own : outer + "." + own;
    }

    private static string NamespaceName(INamespaceSymbol space) => space.IsGlobalNamespace ? ""
        : NamespaceName(space.ContainingNamespace) is { Length: > 0 } outer ? outer + "." + space.Name : space.Name;

    /// <summary>A symbol's name as code must write it.</summary>
    public static string Identifier(this ISymbol symbol) => SyntaxFacts.GetKeywordKind(symbol.Name) != SyntaxKind.None ? "@" + symbol.Name : symbol.Name;
}

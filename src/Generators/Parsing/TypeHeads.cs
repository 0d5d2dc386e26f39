using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ArchGen.Generators.Parsing;

/// <summary>What another part of a class must repeat of its declaration.</summary>
internal static class TypeHeads
{
    /// <summary>The classes around it, the outermost first: <c>partial class Outer</c>.</summary>
    public static IEnumerable<string> Outer(INamedTypeSymbol type) => type.ContainingType is not { } outer ? [] :
        [.. Outer(outer), $"partial {Keyword(outer)} {outer.Identifier()}{TypeParameters(outer)}"];

    private static string Keyword(INamedTypeSymbol type) =>
        (type.IsRecord ? "record " : "") + type.TypeKind switch { TypeKind.Struct => "struct", TypeKind.Interface => "interface", _ => "class" };

    /// <summary>The type parameters of a generic class: <c>&lt;T&gt;</c>; empty for any other.</summary>
    public static string TypeParameters(INamedTypeSymbol type) =>
        type.TypeParameters.IsEmpty ? "" : "<" + string.Join(", ", type.TypeParameters.Select(p => p.Identifier())) + ">";

    /// <summary>A symbol's name as code must write it.</summary>
    public static string Identifier(this ISymbol symbol) => SyntaxFacts.GetKeywordKind(symbol.Name) != SyntaxKind.None ? "@" + symbol.Name : symbol.Name;
}

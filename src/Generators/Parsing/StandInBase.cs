using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>
/// The base of an architecture or block that names none, or one that does not exist: the generated half of the class names it, so that this one mistake
/// does not entail another for each member that the class would inherit.
/// </summary>
internal static class StandInBase
{
    /// <summary>
    /// The base that stands in for that of an architecture, in a compilation without generated members; null where the compiler would refuse another.
    /// </summary>
    public static INamedTypeSymbol? Of(INamedTypeSymbol type, Compilation compilation)
    {
        if (type.DerivesFrom(KnownNames.Model) || !IsOpen(type)) return null;
        var usual = compilation.GetTypeByMetadataName(type.GetMembers("Encode").IsEmpty ? KnownNames.DecoderModel : KnownNames.EncoderDecoderModel);
        return type.BaseType!.TypeKind == TypeKind.Error ? Nearest(type.BaseType.Name, Models(type, compilation)) ?? usual : usual;
    }

    /// <summary>The base that stands in for that of a class within an architecture, if that was meant as a block.</summary>
    public static INamedTypeSymbol? OfBlock(INamedTypeSymbol block, Compilation compilation)
    {
        if (block.DerivesFrom(KnownNames.Block) || !IsOpen(block)) return null;
        var usual = compilation.GetTypeByMetadataName(KnownNames.Block);
        if (block.BaseType!.TypeKind != TypeKind.Error) return block.GetMembers().OfType<IPropertySymbol>().Any(IsOfBlock) ? usual : null;
        var blocks = ChainOf(block.ContainingType, compilation).SelectMany(t => t.GetTypeMembers())
            .Where(t => !t.IsGenericType && t.DerivesFrom(KnownNames.Block));
        return Nearest(block.BaseType.Name, usual is null ? blocks : blocks.Append(usual)) ?? usual;
    }

    /// <summary>
    /// An architecture and its bases, the furthest first, those of a stand-in too. What derives from another class than a model is taken for a decoder.
    /// </summary>
    public static IReadOnlyList<INamedTypeSymbol> ChainOf(INamedTypeSymbol type, Compilation compilation)
    {
        var chain = type.Chain();
        if (type.DerivesFrom(KnownNames.Model)) return chain;
        var open = chain.FirstOrDefault(t => t.TypeKind != TypeKind.Error) ?? type;
        var standIn = Of(open, compilation) ?? compilation.GetTypeByMetadataName(KnownNames.DecoderModel);
        return standIn is null ? chain : [.. standIn.Chain(), .. chain];
    }

    /// <summary>Whether generated members give the class its base.</summary>
    public static bool IsUsedBy(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.Any(r => ForwardedMembers.Contains(r.SyntaxTree) && r.GetSyntax() is ClassDeclarationSyntax { BaseList: not null });

    /// <summary>Whether it stands in for a base that is left out; one that is misspelt the compiler reports.</summary>
    public static bool IsForNone(INamedTypeSymbol type, Compilation compilation) => IsUsedBy(type) && !type.DeclaringSyntaxReferences
        .Where(r => !ForwardedMembers.Contains(r.SyntaxTree)).Select(r => r.GetSyntax()).OfType<ClassDeclarationSyntax>()
        .SelectMany(c => c.BaseList?.Types ?? default)
            .Any(t => compilation.SemanticsOf(t.SyntaxTree).GetTypeInfo(t.Type).Type is null or { TypeKind: TypeKind.Error or TypeKind.Class });

    /// <summary>Whether the compiler takes another part's base: it has none, or one that does not exist.</summary>
    private static bool IsOpen(INamedTypeSymbol type) => type is { TypeKind: TypeKind.Class, IsStatic: false, BaseType: { } parent }
        && (parent.TypeKind == TypeKind.Error || (parent.SpecialType == SpecialType.System_Object && !type.DeclaringSyntaxReferences.Any(NamesObject)));

    private static bool NamesObject(SyntaxReference part) =>
        part.GetSyntax() is ClassDeclarationSyntax { BaseList: { } list } && list.Types[0].Type.ToString() is "object" or "Object" or "System.Object";

    private static bool IsOfBlock(IPropertySymbol property) => property.SpelledAttributes()?.Any(a => a is "Tensor" or "State" or "KvCache") == true;

    private static IEnumerable<INamedTypeSymbol> Models(INamedTypeSymbol type, Compilation compilation) =>
        compilation.GetSymbolsWithName(_ => true, SymbolFilter.Type).OfType<INamedTypeSymbol>()
            .Concat(new[] { KnownNames.Model, KnownNames.DecoderModel, KnownNames.EncoderDecoderModel }.Select(compilation.GetTypeByMetadataName)
                .OfType<INamedTypeSymbol>())
            .Where(t => t is { IsSealed: false, IsGenericType: false, ContainingType: null } && t.DerivesFrom(KnownNames.Model) && !t.DerivesFrom(type));

    private static INamedTypeSymbol? Nearest(string name, IEnumerable<INamedTypeSymbol> candidates)
    {
        var byName = candidates.GroupBy(c => c.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        // A block's base is spelled right, and unknown, where the base of its architecture is not.
        if (byName.TryGetValue(name, out var same)) return same;
        return Spelling.Nearest(name, byName.Keys) is { } nearest ? byName[nearest] : null;
    }
}

using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ArchGen.Generators.Parsing;

/// <summary>Finds what an assembly's catalog takes up besides its own architectures: the catalogs of its references.</summary>
internal static class CatalogPlaces
{
    private const string Usual = "Architectures";

    public static CatalogPlace Of(Compilation compilation)
    {
        var home = Namespace(compilation.AssemblyName ?? Usual);
        return new CatalogPlace(home, Others(compilation).Where(c => c != $"global::{home}.Catalog").OrderBy(c => c, StringComparer.Ordinal).ToEquatable(),
            compilation.Assembly.GlobalNamespace.GetTypeMembers("Catalog").IsEmpty);
    }

    /// <summary>The referenced assemblies that know the language and whose types need no alias.</summary>
    public static IEnumerable<IAssemblySymbol> Libraries(Compilation compilation)
    {
        foreach (var reference in compilation.References)
        {
            if (!reference.Properties.Aliases.IsEmpty && !reference.Properties.Aliases.Contains(MetadataReferenceProperties.GlobalAlias)) continue;
            if (compilation.GetAssemblyOrModuleSymbol(reference) is not IAssemblySymbol assembly) continue;
            if (CarriedLanguage.IsLibrary(assembly)) yield return assembly;
        }
    }

    private static IEnumerable<string> Others(Compilation compilation) =>
        from library in Libraries(compilation)
        from attribute in library.GetAttributes()
        where attribute.AttributeClass.Is(KnownNames.Catalog)
        let catalog = attribute.ConstructorArguments.FirstOrDefault().Value as INamedTypeSymbol
        where catalog is { TypeKind: TypeKind.Class, DeclaredAccessibility: Accessibility.Public }
        select catalog.InFull();

    /// <summary>A namespace of the parts of an assembly's name; what a name in C# cannot have is an underscore.</summary>
    private static string Namespace(string assembly) => string.Join(".", assembly.Split('.').Select(Identifier));

    private static string Identifier(string part)
    {
        var text = string.Concat(part.Select(c => SyntaxFacts.IsIdentifierPartCharacter(c) ? c : '_'));
        if (text.Length == 0 || !SyntaxFacts.IsIdentifierStartCharacter(text[0])) text = "_" + text;
        return SyntaxFacts.GetKeywordKind(text) == SyntaxKind.None ? text : "@" + text;
    }
}

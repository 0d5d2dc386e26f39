using System.Globalization;
using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>The version of the language that the sources are written in which an assembly carries.</summary>
internal static class CarriedLanguage
{
    private const string Dsl = "ArchGen.Dsl";

    /// <summary>Whether an assembly refers to the language.</summary>
    public static bool IsLibrary(IAssemblySymbol assembly) => assembly.Modules.Any(m => m.ReferencedAssemblies.Any(r => r.Name == Dsl));

    /// <summary>Whether an assembly carries sources that this generator does not read.</summary>
    public static bool IsOther(IAssemblySymbol? assembly) => Of(assembly) is { } language && language != CarriedFile.Language;

    /// <summary>The report of a class that derives from one of such an assembly, or takes a part from it, or whose block does; null if there is none.</summary>
    public static DiagnosticModel? Check(IEnumerable<INamedTypeSymbol> types)
    {
        foreach (var type in types)
        {
            var other = type.Chain().Reverse().Skip(1).Concat(type.AllInterfaces).FirstOrDefault(t => IsOther(t.ContainingAssembly));
            if (other is null) continue;
            var name = other.TypeKind == TypeKind.Interface ? other.Name : type.BaseType!.Name;
            return Report(other.ContainingAssembly, InterfaceMembers.PlaceOf(type, name));
        }

        return null;
    }

    /// <summary>The report that an assembly carries another version than this generator reads.</summary>
    public static DiagnosticModel Report(IAssemblySymbol assembly, Location location)
    {
        var language = Of(assembly) ?? 0;
        var remedy = language > CarriedFile.Language ? $"update ArchGen here, or refer to an older {assembly.Name}"
            : $"refer to a version of {assembly.Name} that was built with a newer ArchGen, or to an older ArchGen here";
        return Descriptors.OtherLanguage.At(location, assembly.Name, language.ToString(CultureInfo.InvariantCulture),
            CarriedFile.Language.ToString(CultureInfo.InvariantCulture), remedy);
    }

    /// <summary>The report that a method's assembly does not carry its source.</summary>
    public static DiagnosticModel Missing(IMethodSymbol method, Location location)
    {
        var assembly = method.ContainingAssembly;
        var carriesOthers = assembly.Attribute(KnownNames.DeclarationSource) is not null;
        return Descriptors.NoSource.At(
            location, method.Name, assembly.Name, carriesOthers ? "other sources, but not this one" : "no sources",
            carriesOthers ? $"derive {method.ContainingType.Name} from OpVocabulary itself there"
                : $"build {assembly.Name} as a library with the generator of ArchGen");
    }

    private static int? Of(IAssemblySymbol? assembly) => assembly is null || !IsLibrary(assembly) ? null
        : assembly.Attribute(KnownNames.DeclarationSource)?.ConstructorArguments.FirstOrDefault().Value as int?;
}

using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>
/// The members that bases of a class keep to themselves, or a library those of its own: code that is generated into the class cannot name them.
/// </summary>
internal sealed class PrivateMembers(IEnumerable<INamedTypeSymbol> bases)
{
    /// <param name="type">The class that code is generated into.</param>
    public PrivateMembers(INamedTypeSymbol type)
        : this(type.Chain().Reverse().Skip(1))
    {
    }

    private readonly ILookup<string, ISymbol> _byName = bases.SelectMany(t => t.GetMembers())
        .Where(m => m is IPropertySymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary } && m.IsInSource()
            && (m.DeclaredAccessibility == Accessibility.Private || IsOfLibrary(m))).ToLookup(m => m.Name, StringComparer.Ordinal);

    /// <summary>Those of a class and its bases, for a class that derives from it.</summary>
    public static PrivateMembers Of(INamedTypeSymbol type) => new(type.Chain().Reverse());

    /// <summary>Reports those that expressions name which the declarations of the class give.</summary>
    public void Check(IEnumerable<Expression?> expressions, INamedTypeSymbol architecture, Action<DiagnosticModel> report)
    {
        if (_byName.Count == 0) return;
        var names = expressions.OfType<Expression>().SelectMany(e => e.Identifiers());
        foreach (var member in names.Distinct().SelectMany(n => _byName[n].Take(1))) report(Report(member, architecture));
    }

    /// <summary>Whether a member is of another assembly, which alone can name it.</summary>
    public static bool IsOfLibrary(ISymbol member)
    {
        if (!member.IsCarried()) return false;
        for (var symbol = member; symbol is not (null or INamespaceSymbol); symbol = symbol.ContainingSymbol)
        {
            if (symbol.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedAndInternal or Accessibility.Private) return true;
        }

        return false;
    }

    /// <summary>The report that an architecture's generated code cannot name a member.</summary>
    public static DiagnosticModel Report(ISymbol member, INamedTypeSymbol architecture) =>
        Create(member, architecture, architecture) with { Cause = Create(member, architecture, member) };

    private static DiagnosticModel Create(ISymbol member, INamedTypeSymbol architecture, ISymbol place) => Descriptors.PrivateInBase.At(
        place.FirstLocation(), member.Name, member.DeclaredAccessibility == Accessibility.Private ? "private" : "internal", member.ContainingType.Name,
        architecture.Name, member.IsCarried() ? " in the library, or declare it here" : ", or private protected");
}

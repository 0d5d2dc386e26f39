using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>
/// Finds members of an architecture that have the name of a base's without replacing it: the base's forward pass goes on with its own.
/// The compiler says so of some; its warning is suppressed in favour of this report, which also covers private members.
/// </summary>
internal static class HiddenMembers
{
    /// <summary>Reports the members of the architecture and of its blocks.</summary>
    public static void Check(INamedTypeSymbol architecture, Action<DiagnosticModel> report)
    {
        foreach (var type in architecture.GetTypeMembers().Where(t => t.DerivesFrom(KnownNames.Block)).Prepend(architecture))
        {
            foreach (var member in type.GetMembers())
            {
                if (DeclarationForm.IsTaken(member) || HiddenBy(member) is not { } hidden) continue;
                var owner = $"{hidden.ContainingType.Name}.{hidden.Name}";
                var remedy = IsDeclaration(member) && IsDeclaration(hidden) ? "it is inherited already; remove this one, or rename it"
                    : hidden.DeclaredAccessibility == Accessibility.Private
                        ? $"it is private there, so {hidden.ContainingType.Name} goes on with its own; make that one protected virtual and override it, or "
                            + "rename this one"
                    : hidden.IsVirtual || hidden.IsAbstract || hidden.IsOverride
                        ? "write override to replace it, or new to keep both"
                        : $"{hidden.ContainingType.Name} goes on with its own; rename this one, or write new if both are meant";
                report(Descriptors.HiddenMember.At(member.FirstLocation(), member.Name, owner, remedy));
            }
        }

        foreach (var property in architecture.GetMembers().OfType<IPropertySymbol>()) CheckNumber(property, report);
    }

    /// <summary>
    /// Reports a hyper-parameter that is declared anew where a base has one that generated code cannot make the same: of the language, or of another type.
    /// The base's layers, and the operations, read the base's, which no file is read for.
    /// </summary>
    private static void CheckNumber(IPropertySymbol property, Action<DiagnosticModel> report)
    {
        if (property.Attribute(KnownNames.HyperParameter) is null || !property.DeclaringSyntaxReferences.Any(r => IsNew(r.GetSyntax()))) return;
        var hidden = property.ContainingType.BaseType?.Chain().Reverse().SelectMany(t => t.GetMembers(property.Name)).OfType<IPropertySymbol>()
            .FirstOrDefault(p => p.Attribute(KnownNames.HyperParameter) is not null);
        if (hidden is null || (hidden.IsInSource() && SymbolEqualityComparer.Default.Equals(hidden.Type, property.Type))) return;
        report(Descriptors.HiddenMember.At(property.FirstLocation(), property.Name, $"{hidden.ContainingType.Name}.{hidden.Name}",
            "the layers of bases go on with theirs; restate its source with [Hf] or its default with [Default] on the class, or rename this one"));
    }

    private static bool IsDeclaration(ISymbol member) =>
        KnownNames.Declarations.Any(a => member.Attribute(a) is not null);

    /// <summary>The member of a base that this one hides by accident, or null.</summary>
    public static ISymbol? HiddenBy(ISymbol member)
    {
        if (member.IsOverride || member.IsImplicitlyDeclared
            || member is not (IPropertySymbol { IsIndexer: false } or IMethodSymbol { MethodKind: MethodKind.Ordinary }))
        {
            return null;
        }

        if (ForwardedMembers.Contains(member) || !member.IsInSource()) return null;
        var hidden = member.ContainingType.BaseType?.Chain().Reverse().SelectMany(t => t.GetMembers(member.Name)).FirstOrDefault(m => Hides(member, m));
        return hidden is null || member.DeclaringSyntaxReferences.Any(r => IsNew(r.GetSyntax())) ? null : hidden;
    }

    private static bool IsNew(SyntaxNode syntax) => syntax is MemberDeclarationSyntax { Modifiers: var modifiers } && modifiers.Any(SyntaxKind.NewKeyword);

    private static bool Hides(ISymbol member, ISymbol other)
    {
        // What another project keeps to itself is nobody's business here.
        if (ForwardedMembers.Contains(other) || (other.DeclaredAccessibility == Accessibility.Private && !other.IsInSource())) return false;
        return (member, other) switch
        {
            (IMethodSymbol a, IMethodSymbol b) =>
                a.Parameters.Select(p => p.Type).SequenceEqual(b.Parameters.Select(p => p.Type), SymbolEqualityComparer.Default),
            (IPropertySymbol, IPropertySymbol) => true,
            (IPropertySymbol, IFieldSymbol) => other.DeclaredAccessibility != Accessibility.Private,
            _ => false,
        };
    }
}

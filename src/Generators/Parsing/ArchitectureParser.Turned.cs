using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>
/// The kinds of block that a variant inherits as they are, although it rotates and its base does not, or the reverse. The base's class has the base's graph;
/// the variant has a class of its own for each, with its own.
/// </summary>
internal static partial class ArchitectureParser
{
    /// <summary>Whether an architecture needs a class of its own for a kind of block.</summary>
    public static bool IsTurned(INamedTypeSymbol architecture, INamedTypeSymbol kind) =>
        !architecture.IsAbstract && kind.ContainingType is { IsAbstract: false } home && !SymbolEqualityComparer.Default.Equals(home, architecture)
        && (RopeOf(architecture) == RopeKind.None) != (RopeOf(home) == RopeKind.None);

    /// <summary>Reports those that no class can derive from, and what they keep to themselves that such a class would name.</summary>
    private static void CheckTurned(INamedTypeSymbol type, ClassScope root, Func<ClassScope, IEnumerable<Expression?>> expressions,
        Action<DiagnosticModel> report)
    {
        foreach (var kind in root.Lists.Values.SelectMany(l => l.Kinds).Where(k => IsTurned(type, k.Type)))
        {
            PrivateMembers.Of(kind.Type).Check(expressions(kind), type, report);
            if (!kind.Type.IsSealed) continue;
            report(Descriptors.BlockKinds.At(type.FirstLocation(),
                $"'{kind.Type.Name}' of {kind.Type.ContainingType.Name} is sealed, but {type.Name}, with another Rope, needs a class that derives from it; "
                + "remove sealed"));
        }
    }

    private static IEnumerable<ClassModel> TurnedClasses(INamedTypeSymbol type, ClassScope root) =>
        from kind in root.Lists.Values.SelectMany(l => l.Kinds)
        where IsTurned(type, kind.Type)
        select new ClassModel(NameOfTurned(type, kind.Type), true, false, false, default, default, Tensors(kind), States(kind), default,
            kind.Functions.Values.Select(f => f.Function with { Modifiers = Keywords("public", "override") }).ToEquatable())
        {
            Caches = Caches(kind),
            Lines = kind.Lines.ToEquatable(),
            Base = kind.Type.InFull(),
        };

    /// <summary>The class that stands for a kind of block.</summary>
    private static string ClassOf(INamedTypeSymbol type, INamedTypeSymbol kind) =>
        IsTurned(type, kind) ? $"{type.InFull()}.{NameOfTurned(type, kind)}" : kind.InFull();

    private static string NameOfTurned(INamedTypeSymbol type, INamedTypeSymbol kind)
    {
        var name = type.Name + kind.Name;
        while (type.Chain().Any(t => !t.GetMembers(name).IsEmpty)) name += "_";
        return name;
    }
}

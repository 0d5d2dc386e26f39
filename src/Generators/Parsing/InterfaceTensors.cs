using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>
/// A class has the tensors that the interfaces it names declare: what architectures have in common that derive from different bases. They are read
/// in the terms of the class, and implemented by generated members.
/// </summary>
internal static class InterfaceTensors
{
    /// <summary>The properties that a class declares, its own first, then those of its interfaces that neither it nor a base has.</summary>
    public static IEnumerable<IPropertySymbol> Declared(this INamedTypeSymbol type) =>
        type.GetMembers().OfType<IPropertySymbol>().Concat(Of(type));

    /// <summary>The tensors that a class takes from its interfaces.</summary>
    public static IEnumerable<IPropertySymbol> Of(INamedTypeSymbol type)
    {
        if (type.AllInterfaces.IsEmpty || type.TypeKind != TypeKind.Class) yield break;
        var known = new HashSet<string>(type.Chain().SelectMany(t => t.GetMembers()).Where(m => !ForwardedMembers.Contains(m)).Select(m => m.Name),
            StringComparer.Ordinal);
        foreach (var inherited in (type.BaseType?.AllInterfaces ?? []).SelectMany(Tensors)) known.Add(inherited.Name);
        foreach (var property in type.AllInterfaces.SelectMany(Tensors))
        {
            if (known.Add(property.Name)) yield return property;
        }
    }

    /// <summary>For each interface that a class of the architecture's own names, its tensors that no forward pass uses, where it is named.</summary>
    public static IEnumerable<(string Names, Location Location)> Unused(
        ClassScope scope, Func<INamedTypeSymbol, bool> isOwn, Func<IPropertySymbol, bool> isUsed) =>
        from taker in scope.Type.Chain()
        where isOwn(taker)
        from property in Of(taker)
        where scope.Tensors.TryGetValue(property.Name, out var tensor) && SymbolEqualityComparer.Default.Equals(tensor.Property, property) && !isUsed(property)
        group $"'{property.Name}'" by (Interface: property.ContainingType, Taker: taker) into unused
        select (string.Join(", ", unused) + $" of {unused.Key.Interface.Name}", PlaceOf(unused.Key.Taker, unused.Key.Interface.Name));

    /// <summary>Where a class names an interface; the class, if it does so by way of another.</summary>
    private static Location PlaceOf(INamedTypeSymbol taker, string name) =>
        taker.DeclaringSyntaxReferences.Select(r => r.GetSyntax()).OfType<ClassDeclarationSyntax>().SelectMany(c => c.BaseList?.Types ?? default)
            .FirstOrDefault(t => t.Type.RightName() == name)?.GetLocation() ?? taker.FirstLocation();

    /// <summary>The members that let forward passes be bound before the real ones are there.</summary>
    public static void WriteStubs(StringBuilder text, INamedTypeSymbol type)
    {
        foreach (var property in Of(type)) text.Append("public ").Append(property.Type.InFull()).Append(' ').Append(property.Name).Append(" => throw null!;\n");
    }

    /// <summary>The usual spelling tells without binding attributes, which is done once more later.</summary>
    private static IEnumerable<IPropertySymbol> Tensors(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IPropertySymbol>().Where(p => p.SpelledAttributes()?.Contains("Tensor") == true || p.Attribute(KnownNames.Tensor) is not null);
}

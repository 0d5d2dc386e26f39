using System.Runtime.CompilerServices;
using System.Text;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>
/// A class has what the interfaces it names declare: a block their tensors, states and caches, and its model their hyper-parameters, once, however many
/// blocks name them. All are read in the terms of the class, and implemented by generated members.
/// </summary>
internal static class InterfaceMembers
{
    private static readonly ConditionalWeakTable<INamedTypeSymbol, IReadOnlyList<IPropertySymbol>> Known = new();

    /// <summary>The properties that a class declares, its own first, then those of interfaces that neither it nor a base has.</summary>
    public static IEnumerable<IPropertySymbol> Declared(this INamedTypeSymbol type) => type.GetMembers().OfType<IPropertySymbol>().Concat(Of(type));

    /// <summary>The declarations that a class takes from interfaces: its own, and a model hyper-parameters of those that its blocks name.</summary>
    public static IReadOnlyList<IPropertySymbol> Of(INamedTypeSymbol type) =>
        type is { TypeKind: TypeKind.Class, SpecialType: SpecialType.None } && type.IsInSource() ? Known.GetValue(type, Read) : [];

    /// <summary>
    /// The hyper-parameters of the interfaces of a class and of its blocks that are the class's, in their order: one that the class declares itself stands
    /// in the place of the interface's.
    /// </summary>
    public static IEnumerable<IPropertySymbol> HyperParametersOf(INamedTypeSymbol type)
    {
        var taken = Of(type);
        return type.DerivesFrom(KnownNames.Block) ? [] : Named(type).SelectMany(i => Declarations(i, "HyperParameter"))
            .Select(p => taken.Contains(p, SymbolEqualityComparer.Default) ? p
                : type.GetMembers(p.Name).OfType<IPropertySymbol>().FirstOrDefault(m => !ForwardedMembers.Contains(m)))
            .OfType<IPropertySymbol>();
    }

    /// <summary>What the interfaces of a class and of its blocks compute from their hyper-parameters: properties with a body.</summary>
    public static IEnumerable<IPropertySymbol> Computed(INamedTypeSymbol type) =>
        Named(type).SelectMany(i => i.GetMembers()).OfType<IPropertySymbol>().Where(HyperParameterTable.IsDerivedScalar);

    /// <summary>Whether an interface of a class or of its blocks has a property of a name.</summary>
    public static bool IsAsked(INamedTypeSymbol type, string name) => Named(type).Any(i => !i.GetMembers(name).IsEmpty);

    /// <summary>
    /// The members by which a class implements what an interface asks for and only generated code gives it: a model's numbers and tensors in its blocks.
    /// </summary>
    public static IEnumerable<ImplementationModel> Implementations(INamedTypeSymbol type, INamedTypeSymbol architecture)
    {
        foreach (var property in New(type).SelectMany(i => i.GetMembers()).OfType<IPropertySymbol>().Where(MayBeOfModel))
        {
            if (type.FindImplementationForInterfaceMember(property) is { ContainingType.TypeKind: TypeKind.Class }) continue;
            if (!property.IsAbstract && !architecture.Chain().SelectMany(Declared).Any(d => d.Name == property.Name)) continue;
            var member = Member(type, property.Name);
            if (member is null || !SymbolEqualityComparer.Default.Equals(member.Type, property.Type)) continue;
            yield return new ImplementationModel(property.ContainingType.InFull(), property.Type.InFull(), property.Name);
        }
    }

    /// <summary>The interfaces that a class names and its base does not.</summary>
    public static IEnumerable<INamedTypeSymbol> New(INamedTypeSymbol type) => type.BaseType is { AllInterfaces.IsEmpty: false } parent
        ? type.AllInterfaces.Except<INamedTypeSymbol>(parent.AllInterfaces, SymbolEqualityComparer.Default) : type.AllInterfaces;

    /// <summary>The property of a name that a class or a base has, generated ones included.</summary>
    public static IPropertySymbol? Member(INamedTypeSymbol type, string name) =>
        type.Chain().Reverse().SelectMany(t => t.GetMembers(name)).OfType<IPropertySymbol>().FirstOrDefault();

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
    public static Location PlaceOf(INamedTypeSymbol taker, string name) =>
        taker.DeclaringSyntaxReferences.Select(r => r.GetSyntax()).OfType<ClassDeclarationSyntax>().SelectMany(c => c.BaseList?.Types ?? default)
            .FirstOrDefault(t => t.Type.RightName() == name)?.GetLocation() ?? taker.FirstLocation();

    /// <summary>The members that let forward passes be bound before the real ones are there.</summary>
    public static void WriteStubs(StringBuilder text, INamedTypeSymbol type)
    {
        foreach (var property in Of(type)) text.Append("public ").Append(property.Type.InFull()).Append(' ').Append(property.Name).Append(" => throw null!;\n");
    }

    private static IReadOnlyList<IPropertySymbol> Read(INamedTypeSymbol type)
    {
        var isBlock = type.DerivesFrom(KnownNames.Block);
        var declared = type.AllInterfaces.SelectMany(i => Declarations(i, "Tensor", "State", "KvCache"));
        if (!isBlock) declared = declared.Concat(Named(type).SelectMany(i => Declarations(i, "HyperParameter")));
        var found = declared.ToList();
        if (found.Count == 0) return [];
        var known = new HashSet<string>(type.Chain().SelectMany(t => t.GetMembers()).Where(m => !ForwardedMembers.Contains(m)).Select(m => m.Name),
            StringComparer.Ordinal);
        foreach (var inherited in type.BaseType?.Chain().SelectMany(Of) ?? []) known.Add(inherited.Name);
        return [.. found.Where(p => known.Add(p.Name))];
    }

    /// <summary>The interfaces that a class and the blocks in it name.</summary>
    private static IEnumerable<INamedTypeSymbol> Named(INamedTypeSymbol type) => type.GetTypeMembers().Where(t => t.DerivesFrom(KnownNames.Block))
        .SelectMany(t => t.AllInterfaces).Concat(type.AllInterfaces).Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default);

    private static bool IsScalar(ITypeSymbol type) => type.SpecialType
        is SpecialType.System_Int32 or SpecialType.System_Single or SpecialType.System_Boolean or SpecialType.System_String || type.Is(KnownNames.LayerPattern);

    /// <summary>Whether the model may have what an interface asks for: a number, or a tensor that the interface does not declare.</summary>
    private static bool MayBeOfModel(IPropertySymbol property) => !property.IsStatic
        && (IsScalar(property.Type) || (property.IsAbstract && property.Type.IsModule() && property.Attribute(KnownNames.Tensor) is null));

    /// <summary>The usual spelling tells without binding attributes, which is done once more later.</summary>
    private static IEnumerable<IPropertySymbol> Declarations(INamedTypeSymbol type, params string[] attributes) =>
        type.GetMembers().OfType<IPropertySymbol>().Where(p => p.SpelledAttributes()?.Any(attributes.Contains) == true
            || p.GetAttributes().Any(a => a.AttributeClass is { } c && attributes.Any(n => c.Is($"ArchGen.{n}Attribute"))));
}

using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>
/// Parts that mean different things by one name: a class has one member of it, so that one of the parts would silently have the other's.
/// </summary>
internal static class PartClashes
{
    /// <summary>Reports each name once, where an architecture or one of its blocks names the part that comes second.</summary>
    public static void Check(INamedTypeSymbol type, Action<DiagnosticModel> report)
    {
        var takers = type.GetTypeMembers().Where(t => t.DerivesFrom(KnownNames.Block)).Prepend(type).Where(t => !t.AllInterfaces.IsEmpty).ToList();
        if (takers.Count == 0) return;
        var reported = new HashSet<string>(StringComparer.Ordinal);
        var ofModel = new List<Member>();
        foreach (var taker in takers)
        {
            var ofTaker = new List<Member>();
            foreach (var part in taker.AllInterfaces.OrderBy(i => i.Name, StringComparer.Ordinal))
            {
                foreach (var member in part.GetMembers().OfType<IPropertySymbol>().Select(p => Read(p, taker)).OfType<Member>())
                {
                    var name = member.Property.Name;
                    var known = member.IsOfModel ? ofModel : ofTaker;
                    var other = known.FirstOrDefault(k => k.Property.Name == name && Differ(k, member));
                    known.Add(member);
                    if (other is null || IsDeclared(name, taker) || IsDeclared(name, type) || !reported.Add(name)) continue;
                    var (first, second) = member.Text is null ? (other, member) : (member, other);
                    var text = second.Text is null ? "not declared" : $"'{second.Text}'";
                    report(Descriptors.PartClash.At(InterfaceMembers.PlaceOf(taker, part.Name), name, first.Text!, first.Part.Name, text, second.Part.Name));
                }
            }
        }
    }

    /// <summary>What an interface declares, or, without a text, what it asks for: numbers and states of the model are one for all its blocks.</summary>
    private static Member? Read(IPropertySymbol property, INamedTypeSymbol taker)
    {
        if (property.Attribute(KnownNames.HyperParameter) is { } number) return new Member(property, number.Text(), IsOfModel: true);
        if ((property.Attribute(KnownNames.Tensor) ?? property.Attribute(KnownNames.State) ?? property.Attribute(KnownNames.KvCache)) is { } tensor)
        {
            return new Member(property, tensor.Text(), taker.DerivesFrom(KnownNames.Model));
        }

        return property.IsAbstract && property.Type.SpecialType is SpecialType.System_Int32 or SpecialType.System_Single
            ? new Member(property, null, IsOfModel: true) : null;
    }

    private static bool Differ(Member a, Member b) => a.Text != b.Text
        && !a.Part.AllInterfaces.Contains(b.Part, SymbolEqualityComparer.Default) && !b.Part.AllInterfaces.Contains(a.Part, SymbolEqualityComparer.Default);

    /// <summary>Whether a class or a base has a member of its own that goes before those of parts.</summary>
    private static bool IsDeclared(string name, INamedTypeSymbol type) =>
        type.Chain().SelectMany(t => t.GetMembers(name)).Any(m => !ForwardedMembers.Contains(m));

    private sealed record Member(IPropertySymbol Property, string? Text, bool IsOfModel)
    {
        public INamedTypeSymbol Part => Property.ContainingType;
    }
}

using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>Lists of blocks, and the kinds that may be in them.</summary>
internal sealed partial class DeclarationParser
{
    private BlockListDeclaration? ParseBlocks(IPropertySymbol property, AttributeData attribute)
    {
        if (property.Type.IsUnknown())
        {
            IsInvalid = true;
            return null;
        }

        if (!property.Type.Is(KnownNames.BlockList) || ((INamedTypeSymbol)property.Type).TypeArguments.FirstOrDefault() is not INamedTypeSymbol element)
        {
            report(Descriptors.BlockKinds.At(
                property.FirstLocation(), $"'{property.Name}' has [Blocks], so its type must be BlockList<T> of a class derived from Block"));
            return null;
        }

        if (!element.DerivesFrom(KnownNames.Block)) IsInvalid = true;
        if (IsInvalid || Refuse(attribute) || Refuse(attribute, "Count")) return null;
        var count = attribute.Named<string>("Count");
        if (count is null)
        {
            report(Descriptors.BlockCount.At(property.FirstLocation(), property.Name,
                "count; add Count = nameof(BlockCount) to [Blocks]"));
            return null;
        }

        foreach (var (argument, text) in new[] { (null, attribute.Text()), ("Hf", attribute.Named<string>("Hf")) })
        {
            if (text is null || text.Split('|').All(t => t.Contains("{i}"))) continue;
            report(Descriptors.BlockCount.At(attribute.Location(argument), property.Name,
                $"pattern: every block would be named '{text}'; write {{i}} where its number stands, as in blk.{{i}}"));
            return null;
        }

        if (hyperParameters.Parse(count, attribute.Location("Count"))?.Expression is not { } number) return null;
        var (unused, first) = (Number(attribute, "Unused"), Number(attribute, "First"));
        if ((unused is null && attribute.Named<string>("Unused") is not null) || (first is null && attribute.Named<string>("First") is not null)) return null;
        var kinds = Kinds(property, element);
        if (kinds is null) return null;
        var scopes = kinds.Select(k => Parse(k.Type)).ToList();
        var model = new BlockListModel(
            property.Name, element.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), FileNames.Clean(attribute.Text()),
            HyperParameterTable.SplitAlternatives(HuggingFaceName(property, attribute)).Where(n => n.Length > 0).Select(FileNames.Clean).ToEquatable(), number,
            kinds.Select(k => new BlockKindModel(
                k.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), k.Type.Identifier(), k.Type.ContainingType.Identifier(), k.Condition))
                .ToEquatable());
        return new BlockListDeclaration(property, model with { Unused = unused, First = first, Optional = attribute.Named<bool>("Optional") }, element, scopes);
    }

    /// <summary>The number that an argument states; null if none is stated, or what is stated is refused.</summary>
    private Expression? Number(AttributeData attribute, string argument) =>
        attribute.Named<string>(argument) is { } text && !Refuse(attribute, argument)
            ? hyperParameters.Parse(text, attribute.Location(argument))?.Expression : null;

    /// <summary>The other lists' types of blocks that derive from this list's: what derives from them stands in theirs.</summary>
    private List<INamedTypeSymbol> NearerElements(INamedTypeSymbol element) =>
        [.. architecture.Chain().SelectMany(t => t.GetMembers()).OfType<IPropertySymbol>().Where(p => p.Attribute(KnownNames.Blocks) is not null)
            .Select(p => (p.Type as INamedTypeSymbol)?.TypeArguments.FirstOrDefault()).OfType<INamedTypeSymbol>()
            .Where(e => !SymbolEqualityComparer.Default.Equals(e, element) && e.DerivesFrom(element))];

    /// <summary>
    /// The kinds that may stand in a list, conditional ones first: those of the furthest base that has any, as each variant after it changes them.
    /// </summary>
    private List<(INamedTypeSymbol Type, Expression? Condition)>? Kinds(IPropertySymbol property, INamedTypeSymbol element)
    {
        var kinds = new List<(INamedTypeSymbol Type, AttributeData? When)>();
        var nearer = NearerElements(element);
        foreach (var container in architecture.Chain())
        {
            var candidates = container.GetTypeMembers().Where(t => !t.IsAbstract && t.DerivesFrom(element) && !nearer.Exists(n => t.DerivesFrom(n))).ToList();
            if (candidates.Exists(c => !StandInBase.IsUsedBy(c))) candidates.RemoveAll(StandInBase.IsUsedBy);
            if (candidates.Count > 0) kinds = Changed(kinds, [.. candidates.Select(c => (c, c.Attribute(KnownNames.When)))]);
        }

        // An abstract architecture may leave the kinds to its variants.
        if (kinds.Count == 0 && architecture.IsAbstract) return [];
        if (kinds.Count == 0)
        {
            report(Descriptors.BlockKinds.At(property.FirstLocation(),
                $"'{property.Name}' has no kind of block: declare a class in {architecture.Name} that derives from {element.Name}"));
            return null;
        }

        var conditions = kinds.ConvertAll(k => (k.Type, Condition: k.When is null ? null : Condition(k.When, k.Type)));
        var otherwise = conditions.Where(k => k.Condition is null).ToList();
        if (otherwise.Count == 1) return [.. conditions.Where(k => k.Condition is not null), otherwise[0]];
        report(Descriptors.BlockKinds.At((otherwise.Count == 0 ? property : (ISymbol)otherwise[1].Type).FirstLocation(),
            otherwise.Count == 0
                ? $"Each kind of block in '{property.Name}' has a condition; one must have none, to stand everywhere else"
                : $"'{otherwise[0].Type.Name}' and '{otherwise[1].Type.Name}' are both in '{property.Name}' without a condition; add [When(nameof(...))] "
                    + $"to one of them"));
        return null;
    }

    /// <summary>
    /// The kinds of a base as a variant changes them. A block with a condition is one kind more, and tried first. One without stands in place of the kind
    /// that it derives from, and under its condition, or else of the kind without a condition.
    /// </summary>
    private static List<(INamedTypeSymbol Type, AttributeData? When)> Changed(
        List<(INamedTypeSymbol Type, AttributeData? When)> kinds, List<(INamedTypeSymbol Type, AttributeData? When)> own)
    {
        var changed = own.Where(o => o.When is not null).Concat(kinds).ToList();
        foreach (var (type, _) in own.Where(o => o.When is null))
        {
            var replaced = type.Chain().Reverse().Select(b => kinds.FirstOrDefault(k => SymbolEqualityComparer.Default.Equals(k.Type, b)))
                .FirstOrDefault(k => k.Type is not null);
            if (replaced.Type is null) replaced = kinds.FirstOrDefault(k => k.When is null);
            var place = changed.IndexOf(replaced);
            if (place < 0) changed.Add((type, replaced.When));
            else changed[place] = (type, replaced.When);
        }

        return changed;
    }

    private static IEnumerable<string> TensorsOf(INamedTypeSymbol kind) =>
        kind.Chain().SelectMany(InterfaceMembers.Declared).Where(p => p.Attribute(KnownNames.Tensor) is not null).Select(p => p.Name);

    private Expression Condition(AttributeData when, INamedTypeSymbol kind)
    {
        if (Refuse(when)) return Expression.False;
        var name = when.Text();
        var candidates = architecture.Chain().Reverse().SelectMany(t => t.GetMembers()).Where(m => IsFlag(m) || IsPattern(m) || IsFlagOfBlock(m)).ToList();
        if (candidates.FirstOrDefault(m => m.Name == name) is { } member)
        {
            hyperParameters.Use(name);
            hyperParameters.UseAllIn(member);
            if (IsPattern(member)) return new ElementExpression(new NameExpression(name), new NameExpression("i"));
            return IsFlag(member) ? new NameExpression(name) : Expression.Call(null, name, new NameExpression("i"));
        }

        if (TensorsOf(kind).Contains(name)) return BlockKindModel.InFile(name!);
        report(Descriptors.UnknownMember.AtUnknown(when.Location(null), name, candidates.Select(m => m.Name).Concat(TensorsOf(kind)), "[When]", name,
            $"a bool property, a LayerPattern or a bool method of one int in {architecture.Name}, or a tensor of {kind.Name}"));
        return Expression.False;

        static bool IsFlag(ISymbol member) => member is IPropertySymbol { Type.SpecialType: SpecialType.System_Boolean };

        static bool IsPattern(ISymbol member) => member is IPropertySymbol property
            && (property.Type.Is(KnownNames.LayerPattern) || HyperParameterTable.PerLayerType(property.Type)?.SpecialType == SpecialType.System_Boolean);

        static bool IsFlagOfBlock(ISymbol member) =>
            member is IMethodSymbol { ReturnType.SpecialType: SpecialType.System_Boolean, Parameters: { Length: 1 } parameters }
                && parameters[0].Type.SpecialType == SpecialType.System_Int32;
    }
}

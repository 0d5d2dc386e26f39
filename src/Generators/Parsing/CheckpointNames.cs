using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>What an architecture and its bases call inherited members in their checkpoints: the nearest class of the chain has the last word.</summary>
internal sealed class CheckpointNames(INamedTypeSymbol architecture, HyperParameterTable hyperParameters)
{
    /// <summary>What stands for a number of rows that is reported.</summary>
    private static readonly Expression NoRows = new ConstantExpression(0);

    private readonly List<(AttributeData Attribute, string Name, IReadOnlyList<string> Members)> _renames =
    [
        .. architecture.Chain().Reverse().SelectMany(t => t.Attributes(KnownNames.Hf).Select(a => (a, a.Text(1), (IReadOnlyList<string>)[a.Text()]))
            .Concat(t.Attributes(KnownNames.HfFused).Select(a => (a, a.Text(), Members(a))))),
    ];

    private readonly IReadOnlyList<INamedTypeSymbol> _chain = architecture.Chain();
    private readonly Dictionary<INamedTypeSymbol, Dictionary<string, string>> _schemes = new(SymbolEqualityComparer.Default);
    private List<IMethodSymbol>? _makers;

    /// <summary>The tensors of an [HfFused], in the order of their rows, or of an [HfFrom].</summary>
    public static IReadOnlyList<string> Members(AttributeData attribute) =>
        attribute.ConstructorArguments.ElementAtOrDefault(1) is { Kind: TypedConstantKind.Array, IsNull: false } members
            ? [.. members.Values.Select(v => v.Value as string ?? "")] : [];

    /// <summary>The methods of a class and its bases that make tensors, those of the class first: they take and return <c>Weights</c>.</summary>
    public static IEnumerable<IMethodSymbol> MakersOf(INamedTypeSymbol type) => type.Chain().Reverse().SelectMany(t => t.GetMembers()).OfType<IMethodSymbol>()
        .Where(m => m is { MethodKind: MethodKind.Ordinary, Parameters.Length: 1 } && m.ReturnType.Is(KnownNames.Weights)
            && m.Parameters[0].Type.Is(KnownNames.Weights));

    /// <summary>The methods of a class and its bases that compute a hyper-parameter, those of the class first: static, from a <c>Config</c>.</summary>
    public static IEnumerable<IMethodSymbol> ReadersOf(INamedTypeSymbol type) => type.Chain().Reverse().SelectMany(t => t.GetMembers()).OfType<IMethodSymbol>()
        .Where(m => m is { MethodKind: MethodKind.Ordinary, IsStatic: true, IsGenericMethod: false, ReturnsVoid: false, Parameters.Length: 1 }
            && m.Parameters[0].Type.Is(KnownNames.Config));

    /// <summary>A method of this name, of those that compute a hyper-parameter, as code in the architecture calls it; null if there is none.</summary>
    public static string? Reader(INamedTypeSymbol architecture, IEnumerable<IMethodSymbol> readers, string name) =>
        readers.FirstOrDefault(m => m.Name == name) is not { } method ? null
        : IsPrivate(method) && !method.ContainingType.Equals(architecture, SymbolEqualityComparer.Default) ? SharedName(method) : method.Identifier();

    /// <summary>The private ones of an architecture: its variants call them by another name.</summary>
    public static IEnumerable<MakerModel> Makers(INamedTypeSymbol type) => type.IsSealed ? []
        : MakersOf(type).Concat(ReadersOf(type)).Where(m => IsPrivate(m) && m.ContainingType.Equals(type, SymbolEqualityComparer.Default))
            .GroupBy(m => m.Name, StringComparer.Ordinal).Where(g => g.Count() == 1)
            .Select(g => new MakerModel(g.First().Identifier(), SharedName(g.First()), g.First().IsStatic,
                g.First().ReturnType.InFull(), g.First().Parameters[0].Type.InFull()));

    /// <summary>A method of this name as code in the architecture calls it; null if there is none.</summary>
    public string? Maker(string name) => (_makers ??= [.. MakersOf(architecture)]).Find(m => m.Name == name) is not { } method ? null
        : IsPrivate(method) && !method.ContainingType.Equals(architecture, SymbolEqualityComparer.Default) ? SharedName(method) : method.Identifier();

    private static bool IsPrivate(IMethodSymbol method) => method.DeclaredAccessibility == Accessibility.Private;

    private static string SharedName(IMethodSymbol method) => $"{method.Name}Of{method.ContainingType.Name}";

    /// <summary>
    /// The name of a member, and the attribute whose From goes with it: the nearest class of the chain has the last word, and in a class an [Hf], then the
    /// member's own declaration, then the scheme. A scheme nearer than the declaration names another module, whose layout it does not know. A part's tensor
    /// is declared where a block first names the part; the scheme of that class knows its modules better than the part does.
    /// </summary>
    public (string? Name, AttributeData? Source) Of(IPropertySymbol member, AttributeData declaration)
    {
        var chain = _chain;
        var isOfPart = member.ContainingType.TypeKind == TypeKind.Interface;
        var home = isOfPart ? chain.FirstOrDefault(t => t.GetTypeMembers().Prepend(t).Any(b => Names(b, member.ContainingType)))
            : member.ContainingType.ContainingType ?? member.ContainingType;
        var isKnown = isOfPart || !chain.Any(t => SymbolEqualityComparer.Default.Equals(t, home));
        var own = declaration.Named<string>("Hf");
        var rename = Find(member.Name);
        // A layer of another architecture has the names that it has there, if this one says nothing.
        foreach (var type in chain.Reverse().Concat(isKnown && home is not null ? home.Chain().Reverse() : []))
        {
            if (rename.Attribute is { } attribute && type.GetAttributes().Contains(attribute)) return (rename.Name, attribute);
            isKnown |= SymbolEqualityComparer.Default.Equals(type, home);
            var isHome = SymbolEqualityComparer.Default.Equals(type, home) && own is not null;
            if (isHome && !isOfPart) break;
            if (SchemeOf(type) is { } scheme && NameIn(scheme, member.Name) is { } name) return (name, isKnown ? declaration : null);
            if (isHome) break;
        }

        return (own, declaration);
    }

    private static bool Names(INamedTypeSymbol type, INamedTypeSymbol part) => type.AllInterfaces.Contains(part, SymbolEqualityComparer.Default);

    /// <summary>The class of names that an architecture states itself, or null.</summary>
    public static INamedTypeSymbol? SchemeOf(INamedTypeSymbol type) =>
        type.Attribute(KnownNames.Names)?.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Type, Value: INamedTypeSymbol scheme }
            ? scheme : null;

    /// <summary>The names in a scheme.</summary>
    public static IEnumerable<IFieldSymbol> NamesIn(INamedTypeSymbol scheme) =>
        scheme.Chain().Reverse().SelectMany(t => t.GetMembers()).OfType<IFieldSymbol>().Where(f => f is { HasConstantValue: true, ConstantValue: string });

    private string? NameIn(INamedTypeSymbol scheme, string member)
    {
        if (!_schemes.TryGetValue(scheme, out var names))
        {
            names = NamesIn(scheme).GroupBy(f => f.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => (string)g.First().ConstantValue!,
                StringComparer.Ordinal);
            _schemes.Add(scheme, names);
        }

        return names.TryGetValue(member, out var name) ? name : null;
    }

    /// <summary>The [HfFrom] that states the layout of a tensor; null if there is none, or a nearer class names the module.</summary>
    public AttributeData? LayoutOf(string tensor)
    {
        foreach (var type in _chain.Reverse())
        {
            if (type.Attributes(KnownNames.HfFrom).FirstOrDefault(a => Members(a).Contains(tensor)) is { } layout) return layout;
            if (Find(tensor).Attribute is { } rename && type.GetAttributes().Contains(rename)) return null;
            if (SchemeOf(type) is { } scheme && NameIn(scheme, tensor) is not null) return null;
        }

        return null;
    }

    /// <summary>The rows that a tensor has in the module that holds several; null if it has one of its own.</summary>
    public RowsSource? RowsOf(string tensor)
    {
        if (Find(tensor) is not { Attribute.AttributeClass: { } type, Members: { } members } || !type.Is(KnownNames.HfFused)) return null;
        return new RowsSource(members.TakeWhile(m => m != tensor).Select(Rows).ToEquatable(), Rows(tensor));
    }

    /// <summary>The declaration of a tensor of the architecture or of its blocks, or null.</summary>
    public AttributeData? Tensor(string name) =>
        architecture.Chain().Reverse().SelectMany(t => t.GetTypeMembers().Prepend(t)).SelectMany(InterfaceMembers.Declared).Where(p => p.Name == name)
            .Select(p => p.Attribute(KnownNames.Tensor)).FirstOrDefault(a => a is not null);

    /// <summary>How many rows a tensor has; what is wrong with its shape is reported where that is read.</summary>
    private Expression Rows(string tensor)
    {
        if (Tensor(tensor) is not { } attribute) return NoRows;
        var (text, start) = ExpressionParser.SplitList(attribute.Text()).First();
        return hyperParameters.Parse(text, attribute.Location(null), start)?.Expression ?? NoRows;
    }

    private (AttributeData? Attribute, string? Name, IReadOnlyList<string>? Members) Find(string member) =>
        _renames.FirstOrDefault(r => r.Members.Contains(member));
}

using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>The form that the generator can complete: <c>public partial Linear AttnQ { get; }</c> in a class that is made without arguments.</summary>
internal static class DeclarationForm
{
    private static readonly SyntaxKind[] Modifiers =
    [
        SyntaxKind.PublicKeyword, SyntaxKind.ProtectedKeyword, SyntaxKind.InternalKeyword, SyntaxKind.PrivateKeyword, SyntaxKind.PartialKeyword,
        SyntaxKind.NewKeyword,
        SyntaxKind.VirtualKeyword, SyntaxKind.OverrideKeyword, SyntaxKind.SealedKeyword,
    ];

    /// <summary>The names that generated code has for itself, or by which it means something else.</summary>
    private static readonly string[] OfEither = ["Bias", "BindTensors", "BuildForward", "Op", "SourceOf"],
        OfModels = ["ArchitectureName", "BuildNamed", "Conversion", "GraphNames", "IgnoredTensors", "Info", "ReadHyperParameters", "RopeKind", "RunNamed"],
        OfBlocks = ["Index", "Model", "RunForward"];

    /// <summary>Reports what has another form in an architecture and its blocks.</summary>
    public static void Check(INamedTypeSymbol architecture, Action<DiagnosticModel> report)
    {
        foreach (var type in architecture.GetTypeMembers().Where(t => t.DerivesFrom(KnownNames.Block)).Prepend(architecture))
        {
            var isBlock = !SymbolEqualityComparer.Default.Equals(type, architecture);
            CheckCreation(type, architecture, isBlock, report);
            foreach (var member in type.GetMembers().Where(m => !ForwardedMembers.Contains(m) && m.IsInSource()))
            {
                if (member is not (IPropertySymbol or IFieldSymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary }) || member.IsImplicitlyDeclared)
                {
                    continue;
                }

                var problem = IsTaken(member)
                    ? ($"'{member.Name}' is a name that generated code has a meaning for", "choose another; a tensor's name in the file is its Name = \"...\"")
                    : member is IPropertySymbol property ? Problem(property) : null;
                if (problem is var (what, remedy)) report(Descriptors.DeclarationForm.At(member.FirstLocation(), what, remedy));
            }
        }
    }

    /// <summary>The declaration of a property that the generator implements; null if it is none, or something implements it already.</summary>
    public static PropertyDeclarationSyntax? Unimplemented(IPropertySymbol property) =>
        Declaration(property) is { } syntax && syntax.Modifiers.Any(SyntaxKind.PartialKeyword) && !IsImplemented(property, syntax)
        && property is { IsIndexer: false, RefKind: RefKind.None, ExplicitInterfaceImplementations.IsEmpty: true }
        && property.ContainingType.GetMembers(property.Name)[0].Equals(property, SymbolEqualityComparer.Default) && !IsFieldTaken(property) ? syntax : null;

    /// <summary>The accessors of a declaration; none if it has <c>get</c> alone, as it should.</summary>
    public static IReadOnlyList<AccessorModel> AccessorsOf(PropertyDeclarationSyntax syntax)
    {
        var accessors = (syntax.AccessorList?.Accessors ?? default).Select(a => new AccessorModel(
            a.Modifiers.Append(a.Keyword).Select(k => k.ValueText).ToEquatable(), !a.IsKind(SyntaxKind.GetAccessorDeclaration))).ToList();
        return accessors.Count == 1 && accessors[0] is { Sets: false, Keywords.Count: 1 } ? [] : accessors;
    }

    /// <summary>Whether generated code has a meaning for a member's name.</summary>
    public static bool IsTaken(ISymbol member) =>
        OfEither.Contains(member.Name) || IsOfGraph(member)
        || (member.ContainingType.DerivesFrom(KnownNames.Block) ? OfBlocks : OfModels).Contains(member.Name);

    /// <summary>Whether it has the name of the method that generated code makes of a graph's.</summary>
    private static bool IsOfGraph(ISymbol member) => member.Name.StartsWith("Build", StringComparison.Ordinal)
        && member.ContainingType.Chain().SelectMany(t => t.GetMembers())
            .Any(m => "Build" + m.Name == member.Name && m.Attribute(KnownNames.Graph) is not null);

    private static PropertyDeclarationSyntax? Declaration(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is PropertyDeclarationSyntax syntax
        && KnownNames.Declarations.Any(a => property.Attribute(a) is not null) ? syntax : null;

    private static bool IsImplemented(IPropertySymbol property, PropertyDeclarationSyntax syntax) =>
        syntax.ExpressionBody is not null || syntax.Initializer is not null || property.PartialImplementationPart is not null
        || (syntax.AccessorList?.Accessors.Any(a => a.Body is not null || a.ExpressionBody is not null) ?? true);

    private static bool IsFieldTaken(IPropertySymbol property) => !property.ContainingType.GetMembers(MemberModel.FieldOf(property.Name)).IsEmpty;

    private static (string What, string Remedy)? Problem(IPropertySymbol property)
    {
        if (Declaration(property) is not { } syntax || !syntax.Modifiers.Any(SyntaxKind.PartialKeyword)) return null;
        var name = property.Name;
        if (IsImplemented(property, syntax)) return ($"'{name}' is implemented here, but the generator implements it", "end its declaration with { get; }");
        if (syntax.Modifiers.FirstOrDefault(m => !Modifiers.Contains(m.Kind())) is { RawKind: > 0 } modifier)
        {
            return ($"'{name}' is {modifier.ValueText}, but each model has its own, which the generator makes", $"remove {modifier.ValueText}");
        }

        if (AccessorsOf(syntax).Count > 0) return ($"'{name}' can be set, but its value comes from the file", "end its declaration with { get; }");
        if (property.RefKind != RefKind.None || !property.ExplicitInterfaceImplementations.IsEmpty)
        {
            return ($"'{name}' is no plain property", "write its type and its name alone");
        }

        if (!char.IsUpper(name[0]))
        {
            return ($"'{name}' does not begin with an upper-case letter, as every name of a declaration does",
                "write AttnQ for attn_q: the tensor's name in the file follows from it, or is its Name = \"...\"");
        }

        return IsFieldTaken(property)
            ? ($"'{MemberModel.FieldOf(name)}' is the generated field of '{name}', and {property.ContainingType.Name} has another member of that name",
                "rename one of them")
            : null;
    }

    /// <summary>Models and blocks are made by generated code, which has nothing to pass.</summary>
    private static void CheckCreation(INamedTypeSymbol type, INamedTypeSymbol architecture, bool isBlock, Action<DiagnosticModel> report)
    {
        if (isBlock && architecture.IsAbstract && !type.IsAbstract)
        {
            report(Descriptors.DeclarationForm.At(type.FirstLocation(), $"'{type.Name}' is a block of an abstract architecture, which makes none",
                "write abstract, and derive a block from it in each variant"));
        }

        if (type.IsAbstract) return;
        if (Obstacle(type, isBlock) is { } constructor)
        {
            report(Descriptors.DeclarationForm.At(constructor.FirstLocation(),
                $"'{type.Name}' has no constructor that generated code can call without arguments",
                "remove this one; what differs between files is a hyper-parameter"));
        }

        if (Required(type) is { } required && (required is not IPropertySymbol property || Declaration(property) is null))
        {
            report(Descriptors.DeclarationForm.At(required.FirstLocation(),
                $"'{required.Name}' is required, but '{type.Name}' is made by generated code, which has nothing to give it",
                "remove required, or make it a hyper-parameter"));
        }
    }

    /// <summary>
    /// Whether a class, its bases included, has something that generated code of it cannot get past, be it reported here, at a base or by the compiler.
    /// </summary>
    public static bool IsBroken(INamedTypeSymbol type, bool isBlock) =>
        (!type.IsAbstract && (Obstacle(type, isBlock) is not null || Required(type) is not null)) || type.Chain().Any(t => HasTwins(t) || IsStray(t));

    /// <summary>The first constructor of a class that has none to be made by.</summary>
    private static IMethodSymbol? Obstacle(INamedTypeSymbol type, bool isBlock)
    {
        var constructors = type.InstanceConstructors.Where(c => !c.IsImplicitlyDeclared && c.IsInSource()).ToList();
        return constructors.Any(c => c.Parameters.All(p => p.IsOptional)
            && (!isBlock || c.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal))
            ? null : constructors.FirstOrDefault();
    }

    private static ISymbol? Required(INamedTypeSymbol type) =>
        type.Chain().SelectMany(t => t.GetMembers()).FirstOrDefault(m => m is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true });

    /// <summary>Whether a class declares tensors and is neither an architecture nor a block of one, so that nothing implements them.</summary>
    private static bool IsStray(INamedTypeSymbol type) =>
        type.IsInSource() && type.Attribute(KnownNames.Architecture) is null && type.ContainingType?.Attribute(KnownNames.Architecture) is null
        && type.GetMembers().OfType<IPropertySymbol>().Any(p => p.SpelledAttributes()?.Any(a => a is "Tensor" or "State" or "KvCache" or "Blocks") == true);

    private static bool HasTwins(INamedTypeSymbol type) => type.IsInSource() && type.GetMembers()
        .Where(m => m is IPropertySymbol or IFieldSymbol { IsImplicitlyDeclared: false } or IMethodSymbol { MethodKind: MethodKind.Ordinary }
            && !ForwardedMembers.Contains(m))
        .GroupBy(m => m is IMethodSymbol method ? $"{m.Name}({string.Join(", ", method.Parameters.Select(p => p.Type.ToDisplayString()))})<{method.Arity}>"
            : m.Name, StringComparer.Ordinal)
        .Any(g => g.Skip(1).Any());
}

using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

internal static class SymbolExtensions
{
    /// <summary>
    /// Whether a type has this name in full, with its namespaces. The type arguments of a generic one do not matter: <c>ArchGen.BlockList&lt;T&gt;</c>.
    /// </summary>
    public static bool Is(this ITypeSymbol? type, string name)
    {
        if (type is not INamedTypeSymbol { ContainingType: null } named) return false;
        var end = name.IndexOf('<') is var open and >= 0 ? open : name.Length;
        if ((end < name.Length) != named.IsGenericType) return false;
        INamespaceOrTypeSymbol symbol = named;
        while (true)
        {
            var start = end - symbol.Name.Length;
            if (start < 0 || string.CompareOrdinal(name, start, symbol.Name, 0, symbol.Name.Length) != 0) return false;
            symbol = symbol.ContainingNamespace;
            if (symbol is not INamespaceSymbol { IsGlobalNamespace: false }) return start == 0;
            end = start - 1;
            if (end < 0 || name[end] != '.') return false;
        }
    }

    public static bool DerivesFrom(this ITypeSymbol? type, string name)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (t.Is(name)) return true;
        }

        return false;
    }

    public static bool DerivesFrom(this ITypeSymbol? type, ITypeSymbol ancestor)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(t, ancestor)) return true;
        }

        return false;
    }

    public static AttributeData? Attribute(this ISymbol symbol, string name) =>
        symbol.GetAttributes().FirstOrDefault(a => a.AttributeClass.Is(name));

    public static IEnumerable<AttributeData> Attributes(this ISymbol symbol, string name) =>
        symbol.GetAttributes().Where(a => a.AttributeClass.Is(name));

    public static T? Named<T>(this AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(a => a.Key == name).Value is { Kind: not TypedConstantKind.Error } value && value.Value is T typed ? typed
            : default;

    public static string Text(this AttributeData attribute, int argument = 0) =>
        attribute.ConstructorArguments.Length > argument ? attribute.ConstructorArguments[argument].Value as string ?? "" : "";

    public static Location Location(this AttributeData attribute) =>
        attribute.ApplicationSyntaxReference?.GetSyntax().GetLocation() ?? Microsoft.CodeAnalysis.Location.None;

    /// <summary>The place of an argument: of the named one, or of the first.</summary>
    public static Location Location(this AttributeData attribute, string? argument)
    {
        var arguments = (attribute.ApplicationSyntaxReference?.GetSyntax() as AttributeSyntax)?.ArgumentList?.Arguments ?? default;
        var found = arguments.FirstOrDefault(a => a.NameEquals?.Name.Identifier.ValueText == argument);
        return found?.Expression.GetLocation() ?? attribute.Location();
    }

    /// <summary>The place of an argument by its position.</summary>
    public static Location ArgumentLocation(this AttributeData attribute, int position) =>
        (attribute.ApplicationSyntaxReference?.GetSyntax() as AttributeSyntax)?.ArgumentList?.Arguments.ElementAtOrDefault(position)?.Expression.GetLocation()
            ?? attribute.Location();

    /// <summary>Whether the compiler refuses the named argument, or the first: what follows from it stays silent.</summary>
    public static bool IsInvalid(this AttributeData attribute, string? argument, Compilation compilation)
    {
        if (attribute.ApplicationSyntaxReference?.GetSyntax() is not AttributeSyntax syntax) return false;
        if (argument is null && (attribute.ConstructorArguments.Length == 0 || attribute.ConstructorArguments[0].Kind == TypedConstantKind.Error)) return true;
        var expression = syntax.ArgumentList?.Arguments.FirstOrDefault(a => a.NameEquals?.Name.Identifier.ValueText == argument)?.Expression;
        return IsUnbound(expression, compilation);
    }

    /// <summary>Whether the compiler does not know what one of the arguments names.</summary>
    public static bool IsUnbound(this AttributeData attribute, Compilation compilation) =>
        attribute.ApplicationSyntaxReference?.GetSyntax() is AttributeSyntax { ArgumentList.Arguments: var arguments }
            && arguments.Any(a => IsUnbound(a.Expression, compilation));

    /// <summary>nameof of what does not exist has a value all the same.</summary>
    private static bool IsUnbound(ExpressionSyntax? expression, Compilation compilation) =>
        expression is InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } operands }
        && compilation.SemanticsOf(expression.SyntaxTree).GetSymbolInfo(operands[0].Expression) is { Symbol: null, CandidateSymbols.IsEmpty: true };

    /// <summary>This type and its bases, the furthest base first.</summary>
    public static IReadOnlyList<INamedTypeSymbol> Chain(this INamedTypeSymbol type)
    {
        var depth = 0;
        for (var t = type; t is not null && t.SpecialType != SpecialType.System_Object; t = t.BaseType) depth++;
        var chain = new INamedTypeSymbol[depth];
        for (var t = type; depth > 0; t = t.BaseType!) chain[--depth] = t;
        return chain;
    }

    /// <summary>The names of the hyper-parameters that an architecture has.</summary>
    public static HashSet<string> HyperParameterNames(this INamedTypeSymbol architecture) => new(
        architecture.Chain().SelectMany(t => t.Declared()).Where(m => m.Attribute(KnownNames.HyperParameter) is not null).Select(m => m.Name),
        StringComparer.Ordinal);

    /// <summary>Whether it is a block's <c>Tensor Forward(Tensor x)</c>.</summary>
    public static bool IsForwardOfStream(this IMethodSymbol method) =>
        method is { Name: "Forward", Parameters.Length: 1 } && method.Parameters[0].Type.Is(KnownNames.TensorType)
            && method.ReturnType.Is(KnownNames.TensorType);

    public static bool IsInSource(this ISymbol symbol) => symbol.DeclaringSyntaxReferences.Length > 0;

    /// <summary>Whether a symbol is declared in a file that another assembly carries.</summary>
    public static bool IsCarried(this ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.Length > 0 && CarriedFile.IsCarried(symbol.DeclaringSyntaxReferences[0].SyntaxTree.FilePath);

    public static Location FirstLocation(this ISymbol symbol) => symbol.Locations.FirstOrDefault(l => l.IsInSource) ?? Microsoft.CodeAnalysis.Location.None;

    /// <summary>The attributes of a property as they are spelled, which needs no binding; null for one of another project.</summary>
    public static IReadOnlyList<string>? SpelledAttributes(this IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is PropertyDeclarationSyntax syntax
            ? [.. syntax.AttributeLists.SelectMany(l => l.Attributes).Select(a => a.Name.ToString())]
            : null;

    /// <summary>Whether the compiler does not know a type, or one of its arguments.</summary>
    public static bool IsUnknown(this ITypeSymbol type) =>
        type.TypeKind == TypeKind.Error || (type is INamedTypeSymbol named && named.TypeArguments.Any(IsUnknown))
            || (type is IArrayTypeSymbol array && array.ElementType.IsUnknown());

    /// <summary>A place inside the text of an attribute's argument; all of the argument if it is not a plain literal.</summary>
    public static Location Within(this Location argument, int start, int length)
    {
        if (argument.SourceTree is not { } tree || length == 0) return argument;
        return tree.GetRoot().FindNode(argument.SourceSpan, getInnermostNodeForTie: true) is LiteralExpressionSyntax { Token: var token }
            && token.Text == $"\"{token.ValueText}\""
            ? Microsoft.CodeAnalysis.Location.Create(tree, new Microsoft.CodeAnalysis.Text.TextSpan(token.SpanStart + 1 + start, length))
            : argument;
    }

    /// <summary>A type as generated code names it.</summary>
    public static string InFull(this ITypeSymbol type) =>
        type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
            SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier));

    /// <summary>The last part of a name as it is written, without type arguments: <c>Base</c> of <c>Models.Base&lt;T&gt;</c>; null for no name.</summary>
    public static string? RightName(this TypeSyntax type) => type switch
    {
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        _ => null,
    };

    /// <summary>Whether a [Tensor] may have a type.</summary>
    public static bool IsModule(this ITypeSymbol? type) => KnownNames.ModuleTypes.Any(name => type.Is("ArchGen." + name));

    /// <summary>The name of the type that a node declares; null if it declares none.</summary>
    public static string? DeclaredName(this SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
        DelegateDeclarationSyntax type => type.Identifier.ValueText,
        _ => null,
    };

    /// <summary>AttnQ to attn_q.</summary>
    public static string ToSnakeCase(this string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}

using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>A method that makes a further graph.</summary>
/// <param name="Name">The graph's name.</param>
/// <param name="Method">The method as it was first declared, which has the attribute.</param>
/// <param name="Tokens">The dimension that counts its tokens.</param>
internal sealed record GraphMethod(string Name, IMethodSymbol Method, Dim Tokens);

/// <summary>The methods of an architecture with [Graph], and what is wrong with their form.</summary>
internal static class GraphMethods
{
    private const string Main = "Forward";

    /// <summary>Those of an architecture, inherited ones first; each name once.</summary>
    public static IEnumerable<GraphMethod> Of(INamedTypeSymbol architecture) =>
        architecture.Chain().SelectMany(InClass).Where(m => Problem(m.Method, m.Attribute) is null)
            .Select(m => new GraphMethod(m.Attribute.Text(), m.Method, DimOf(m.Attribute))).GroupBy(g => g.Name, StringComparer.Ordinal).Select(g => g.First());

    /// <summary>Reports what is wrong with those that a class or one of its blocks declares.</summary>
    public static void Check(INamedTypeSymbol architecture, Action<DiagnosticModel> report)
    {
        foreach (var (method, _) in architecture.GetTypeMembers().Where(t => t.DerivesFrom(KnownNames.Block)).SelectMany(InClass))
        {
            report(Descriptors.GraphForm.At(method.FirstLocation(),
                $"'{method.Name}' has [Graph], but it is a method of the block {method.ContainingType.Name}", $"declare it in {architecture.Name}"));
        }

        var known = architecture.Chain().Reverse().Skip(1).Reverse().SelectMany(InClass).ToList();
        foreach (var (method, attribute) in InClass(architecture))
        {
            if (Problem(method, attribute) is var (place, what, remedy)) report(Descriptors.GraphForm.At(place, what, remedy));
            else if (known.FirstOrDefault(k => k.Attribute.Text() == attribute.Text()) is { Method: { } other })
                report(Descriptors.DuplicateName.At(attribute.Location(null), other.Name, method.Name, attribute.Text()));
            else if (known.Any(k => k.Method.Name == method.Name))
                report(Descriptors.GraphForm.At(method.FirstLocation(), $"'{method.Name}' is the method of two graphs", "give one of them another name"));
            known.Add((method, attribute));
        }
    }

    /// <summary>What [Rows] says of a parameter, on the method or on one that it overrides.</summary>
    public static AttributeData? RowsOf(IParameterSymbol parameter)
    {
        for (var method = parameter.ContainingSymbol as IMethodSymbol; method is not null; method = method.OverriddenMethod)
        {
            if (method.Parameters[parameter.Ordinal].Attribute(KnownNames.Rows) is { } attribute) return attribute;
        }

        return null;
    }

    /// <summary>The dimension that a name stands for which counts tokens; null for another.</summary>
    public static Dim? CountOf(string name) => name switch
    {
        "T" => Dim.Tokens,
        "S" => Dim.EncoderTokens,
        _ => null,
    };

    private static IEnumerable<(IMethodSymbol Method, AttributeData Attribute)> InClass(INamedTypeSymbol type) =>
        from method in type.GetMembers().OfType<IMethodSymbol>()
        where method.MethodKind == MethodKind.Ordinary
        let attribute = method.Attribute(KnownNames.Graph)
        where attribute is not null
        select (method, attribute);

    private static bool IsName(string text) =>
        text.Length > 0 && text[0] is >= 'a' and <= 'z' && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    private static Dim DimOf(AttributeData attribute) => CountOf(attribute.Named<string>("Tokens") ?? "T") ?? Dim.Tokens;

    /// <summary>Why a method is no graph, where, and what to do; null if it is one, or the compiler has something to say of it.</summary>
    private static (Location Place, string What, string Remedy)? Problem(IMethodSymbol method, AttributeData attribute)
    {
        var (name, place) = (method.Name, method.FirstLocation());
        if (method.ReturnType.IsUnknown() || method.Parameters.Any(p => p.Type.IsUnknown()) || attribute.ConstructorArguments.Length == 0) return null;
        if (name == Main) return (place, $"'{Main}' is the graph without a name", "remove [Graph], or give the method another name");
        if (method.IsOverride) return (place, $"'{name}' overrides the method of a graph, which has its name already", "remove [Graph]");
        if (!IsName(attribute.Text()))
            return (attribute.Location(null), $"'{FileNames.Clean(attribute.Text())}' is not the name of a graph", "use lower-case letters, digits and -");
        if (CountOf(attribute.Named<string>("Tokens") ?? "T") is null)
            return (attribute.Location("Tokens"), $"'{attribute.Named<string>("Tokens")}' is no dimension of tokens", "write T or S");
        if (method is not { DeclaredAccessibility: Accessibility.Public, IsStatic: false, IsGenericMethod: false })
            return (place, $"'{name}' has [Graph], so it must be a public method of the model, and not generic", $"write public Tensor {name}(Tokens tokens)");
        if (!method.ReturnType.Is(KnownNames.TensorType))
            return (place, $"'{name}' has [Graph], so it returns one Tensor", "return logits or embeddings");
        return ParameterProblem(method, place);
    }

    private static (Location Place, string What, string Remedy)? ParameterProblem(IMethodSymbol method, Location place)
    {
        var parameters = method.Parameters;
        var isRight = parameters.Length is 1 or 2 && parameters[0].Type.Is(KnownNames.TokensType) && parameters.All(p => p.RefKind == RefKind.None)
            && (parameters.Length == 1 || parameters[1].Type.Is(KnownNames.TensorType));
        if (!isRight)
        {
            return (place, $"'{method.Name}' has [Graph], so it takes the tokens, and perhaps rows of another graph",
                $"write {method.Name}(Tokens tokens) or {method.Name}(Tokens tokens, Tensor rows)");
        }

        if (parameters.Length == 1 || parameters[1].Attribute(KnownNames.Rows) is not { } rows || rows.ConstructorArguments.Length == 0) return null;
        var dims = ExpressionParser.SplitList(rows.Text()).ToList();
        return dims.Count == 2 && CountOf(dims[0].Text) is not null ? null : (rows.Location(null), $"'{FileNames.Clean(rows.Text())}' is no shape of rows",
            "write T, Embd for a row of each token, or S, Embd for rows that are attended to");
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>What to write for an expression on tensors that C# refuses: PyTorch's, or an operator that there is none of.</summary>
internal sealed class OperationHints(Compilation compilation)
{
    private const string Decides = "a static graph cannot decide on a tensor's values; TopK and TopGroups choose, Clamp and Relu limit";
    private const string NoMove = "no dimension is moved: operations take [T, heads, d] as it is";
    private const string NoStorage = "leave it out: a tensor has neither a type nor a place in memory";
    private const string Root = "there is no such operation on tensors; what divides by a root is a norm: RmsNorm, LayerNorm, L2Norm(x, epsilon)";
    private const string Limits = "write Clamp(x, min, max), or Relu(x) for max(x, 0)";

    /// <summary>Names of PyTorch and of Math, in lower case, that are none of the words.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["view"] = "write Heads(count) to split the last dimension, Flatten() to join the last two",
        ["reshape"] = "write Heads(count) to split the last dimension, Flatten() to join the last two",
        ["unflatten"] = "write Heads(count) to split the last dimension",
        ["transpose"] = NoMove,
        ["permute"] = NoMove,
        ["t"] = NoMove,
        ["swapaxes"] = NoMove,
        ["chunk"] = "write Split(a, b) with the sizes of the parts",
        ["unbind"] = "write Split(a, b) with the sizes of the parts",
        ["cat"] = "write Concat(a, b)",
        ["mean"] = "write Sum(x) / n, where n is the last dimension",
        ["pow"] = "write x * x",
        ["square"] = "write x * x",
        ["rsqrt"] = Root,
        ["log"] = Root,
        ["abs"] = Root,
        ["max"] = Limits,
        ["min"] = Limits,
        ["maximum"] = Limits,
        ["minimum"] = Limits,
        ["argmax"] = "write TopK(x, 1)",
        ["sort"] = "write TopK(x, count)",
        ["matmul"] = "a product with weights is a declared Linear, W.Of(x); that of queries with keys is in Attention",
        ["forward"] = "write Of(x)",
        ["invoke"] = "write Of(x)",
        ["unsqueeze"] = "leave it out: + - * / are broadcast",
        ["squeeze"] = "leave it out: + - * / are broadcast",
        ["expand"] = "leave it out: + - * / are broadcast",
        ["repeat"] = "write RepeatHeads(count), or leave it out: + - * / are broadcast",
        ["where"] = Decides,
        ["masked_fill"] = "a mask is an argument of Attention: mask, window",
        ["float"] = NoStorage,
        ["to"] = NoStorage,
        ["contiguous"] = NoStorage,
        ["clone"] = NoStorage,
        ["detach"] = NoStorage,
    };

    /// <summary>The first expression, from the outside in, that there is a hint for.</summary>
    public (SyntaxNode Place, string Hint)? In(SyntaxNode syntax)
    {
        var semantics = compilation.SemanticsOf(syntax.SyntaxTree);
        foreach (var node in syntax.DescendantNodesAndSelf().OfType<ExpressionSyntax>())
        {
            if (Of(node, semantics) is { } hint) return (node, hint);
        }

        return null;
    }

    /// <summary>How a list of blocks whose Forward takes more than the stream is run; null if it has none.</summary>
    public static string? PassOn(string list, ITypeSymbol block)
    {
        var forward = (block as INamedTypeSymbol)?.Chain().Reverse().SelectMany(t => t.GetMembers("Forward")).OfType<IMethodSymbol>()
            .FirstOrDefault(m => m.Parameters.Length > 1 && m.Parameters[0].Type.Is(KnownNames.TensorType));
        if (forward is null) return null;
        var parameters = string.Join(", ", forward.Parameters.Select(p => $"{p.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} {p.Name}"));
        var names = forward.Parameters.Select(p => p.Name).ToList();
        var results = forward.ReturnType is INamedTypeSymbol { IsTupleType: true, TupleElements: var items }
            ? $"({string.Join(", ", names.Take(items.Length))})" : names[0];
        return $"Of(x) runs Forward(Tensor x), but {block.Name}.Forward takes ({parameters}); write foreach (var layer in {list}) {results} = "
            + $"layer.Forward({string.Join(", ", names)})";
    }

    private string? Of(ExpressionSyntax node, SemanticModel semantics)
    {
        switch (node)
        {
            case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } call when semantics.GetSymbolInfo(call).Symbol is null:
                return OfCall(member, call, semantics);
            case InvocationExpressionSyntax call when semantics.GetTypeInfo(call.Expression).Type.IsModule():
                return $"write {call.Expression}.Of{call.ArgumentList}";
            case InvocationExpressionSyntax { Expression: IdentifierNameSyntax name } call
                when semantics.GetSymbolInfo(call).Symbol is null && TensorArgument(call, semantics) is { } x:
                return Elsewhere.ContainsKey(name.Identifier.ValueText.ToLowerInvariant()) ? ForName(name.Identifier.ValueText, x) : null;
            case MemberAccessExpressionSyntax { Parent: not InvocationExpressionSyntax } member
                when semantics.GetSymbolInfo(member).Symbol is null && IsTensor(semantics.GetTypeInfo(member.Expression).Type):
                return ForName(member.Name.Identifier.ValueText, member.Expression.ToString());
            case ElementAccessExpressionSyntax access when semantics.GetTypeInfo(access.Expression).Type is var type && (IsTensor(type) || type.IsModule()):
                return IsTensor(type)
                    ? "write Slice(start, length) or Split(a, b) for elements of the last dimension, Gather(x, ids) for those that were chosen"
                    : "a declared tensor is used whole; give what it is combined with the shape that it has, or declare its parts";
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PointerIndirectionExpression, Parent: BinaryExpressionSyntax { Left: var x } }
                when IsTensor(semantics.GetTypeInfo(x).Type):
                return $"C# has no power; write {x} * {x}";
            case BinaryExpressionSyntax binary when semantics.GetSymbolInfo(binary).Symbol is null || IsEquality(binary):
                return semantics.GetTypeInfo(binary.Left).Type is { TypeKind: not TypeKind.Error } left
                    && semantics.GetTypeInfo(binary.Right).Type is { TypeKind: not TypeKind.Error } right
                    ? OfOperator(binary, left, right) : null;
            default:
                return null;
        }
    }

    private string? OfCall(MemberAccessExpressionSyntax member, InvocationExpressionSyntax call, SemanticModel semantics)
    {
        var (name, type) = (member.Name.Identifier.ValueText, semantics.GetTypeInfo(member.Expression).Type);
        if (type is INamedTypeSymbol list && list.OriginalDefinition.Is(KnownNames.BlockList))
        {
            return name == "Of" ? PassOn(member.Expression.ToString(), list.TypeArguments[0]) : null;
        }

        if (IsTensor(type)) return ForName(name, member.Expression.ToString(), call.ArgumentList.Arguments.Select(a => a.ToString()));
        if (type.IsModule()) return name == "Of" ? null : $"write {member.Expression}.Of{call.ArgumentList}";
        return semantics.GetSymbolInfo(member.Expression).Symbol is INamedTypeSymbol { Name: "Math" or "MathF" } && TensorArgument(call, semantics) is { } x
            ? ForName(name, x) : null;
    }

    /// <summary>The word of this name, PyTorch's name of something that there is, or where to look.</summary>
    private string ForName(string name, string x, IEnumerable<string>? more = null)
    {
        var words = new[] { KnownNames.OpVocabulary, KnownNames.Block }.Select(compilation.GetTypeByMetadataName).SelectMany(t => t?.GetMembers() ?? [])
            .OfType<IMethodSymbol>().Where(m => m.Attribute(KnownNames.Op) is not null).Select(m => m.Name).ToList();
        if (words.FirstOrDefault(w => string.Equals(w, name, StringComparison.OrdinalIgnoreCase)) is { } word)
        {
            return $"write {word}({string.Join(", ", (more ?? []).Prepend(x))})";
        }

        if (Elsewhere.TryGetValue(name.ToLowerInvariant(), out var hint)) return hint;
        var nearest = Spelling.Nearest(name, words);
        return "there is no such operation; " + (nearest is null ? "docs/language.md lists the words" : $"did you mean {nearest}({x})?");
    }

    private static bool IsEquality(BinaryExpressionSyntax binary) =>
        binary.IsKind(SyntaxKind.EqualsExpression) || binary.IsKind(SyntaxKind.NotEqualsExpression);

    private static string? OfOperator(BinaryExpressionSyntax binary, ITypeSymbol left, ITypeSymbol right)
    {
        if (new[] { (binary.Left, left), (binary.Right, right) }.FirstOrDefault(o => o.Item2.IsModule() && !IsWeight(o.Item2)) is { Item1: { } module })
        {
            return $"write {module}.Of(x)";
        }

        if (!IsTensor(left) && !IsTensor(right))
        {
            return IsWeight(left) || IsWeight(right) ? "a bare Weight is an operand beside a tensor; begin with the tensor, as in x - x * W" : null;
        }

        return binary.Kind() switch
        {
            SyntaxKind.LessThanExpression or SyntaxKind.LessThanOrEqualExpression or SyntaxKind.GreaterThanExpression or SyntaxKind.GreaterThanOrEqualExpression
                or SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression => Decides,
            SyntaxKind.DivideExpression => "a number divided by a tensor is no operation; divide tensors, and 1 / (1 + Exp(-x)) is Sigmoid(x)",
            SyntaxKind.ExclusiveOrExpression => $"C# has no power; write {binary.Left} * {binary.Left}",
            _ => "the operators on tensors are + - * /, with tensors, bare Weights and numbers",
        };
    }

    private static string? TensorArgument(InvocationExpressionSyntax call, SemanticModel semantics) =>
        call.ArgumentList.Arguments.FirstOrDefault(a => IsTensor(semantics.GetTypeInfo(a.Expression).Type))?.Expression.ToString();

    private static bool IsTensor(ITypeSymbol? type) => type.Is(KnownNames.TensorType);

    private static bool IsWeight(ITypeSymbol? type) => type.Is("ArchGen.Weight");
}

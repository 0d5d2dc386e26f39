using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ArchGen.Generators.Parsing;

/// <summary>Divisions of whole numbers whose quotient is wanted: <c>1 / HeadDim</c> is 0 in C#, and 1 over the width in a paper.</summary>
internal static class IntegerDivision
{
    /// <summary>
    /// Whether a division drops a fraction for certain: 1 is divided, or a number or a block's index goes where fractions count. Widths divide each
    /// other without one.
    /// </summary>
    public static bool IsTruncated(IBinaryOperation division)
    {
        if (division is not { OperatorKind: BinaryOperatorKind.Divide, Syntax: BinaryExpressionSyntax, Type.SpecialType: SpecialType.System_Int32 })
        {
            return false;
        }

        if (NumberOf(division.LeftOperand) is not { } dividend) return BecomesFloat(division) && division.LeftOperand.DescendantsAndSelf().Any(IsIndex);
        if (NumberOf(division.RightOperand) is not { } divisor) return dividend is 1 or -1 || (dividend != 0 && BecomesFloat(division));
        return divisor != 0 && dividend % divisor != 0 && (dividend / divisor == 0 || BecomesFloat(division));
    }

    /// <summary>Whether it divides a whole number, as it is written in an attribute.</summary>
    public static bool IsOfNumber(BinaryExpressionSyntax division) =>
        division is { OperatorToken.ValueText: "/", Left: LiteralExpressionSyntax { Token.Value: int } };

    /// <summary>Reports every such division of a member's body.</summary>
    public static void Check(SyntaxNode body, SemanticModel semantics, Action<DiagnosticModel> report)
    {
        foreach (var syntax in body.DescendantNodes().OfType<BinaryExpressionSyntax>())
        {
            if (syntax.OperatorToken.ValueText == "/" && semantics.GetOperation(syntax) is IBinaryOperation division && IsTruncated(division))
            {
                report(Report(division));
            }
        }
    }

    public static DiagnosticModel Report(IBinaryOperation division)
    {
        var syntax = (BinaryExpressionSyntax)division.Syntax;
        var exact = syntax.Left is LiteralExpressionSyntax ? $"{syntax.Left}f" : $"(float){syntax.Left}";
        return Descriptors.IntegerDivision.At(syntax.GetLocation(), syntax.ToString(), $"write {exact} / {syntax.Right}");
    }

    private static bool IsIndex(IOperation operation) =>
        operation is IPropertyReferenceOperation { Property: { Name: "Index" } property } && property.ContainingType.Is(KnownNames.Block);

    private static int? NumberOf(IOperation operand) => operand.ConstantValue is { HasValue: true, Value: int number } ? number : null;

    private static bool BecomesFloat(IOperation operation) => operation.Parent switch
    {
        IConversionOperation { Type.SpecialType: SpecialType.System_Single or SpecialType.System_Double } => true,
        IUnaryOperation or IConditionalOperation or IParenthesizedOperation => BecomesFloat(operation.Parent),
        _ => false,
    };
}

using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>Splits of a tensor's last dimension: a slice for each part.</summary>
internal sealed partial class ForwardReader
{
    private Value ReadSplit(IOperation place, TensorValue whole, IOperation instance, IReadOnlyList<Value> sizes)
    {
        var names = _frame.PartNames;
        _frame.PartNames = null;
        Dim sum = 0;
        foreach (var size in sizes.OfType<ScalarValue>()) sum += DimOf(size);
        if (!sum.Equals(whole.Shape.Last))
        {
            var at = place.Syntax is InvocationExpressionSyntax call ? call.ArgumentList : place.Syntax;
            ReportOfTensor(Descriptors.SplitSizes, at.GetLocation(), DeclaredOf(whole), isAtFault: false, sum.ToString(), instance.Syntax.ToString(),
                whole.Shape.Last.ToString());
            return Value.Error;
        }

        var parts = new List<Value>();
        Expression start = new ConstantExpression(0);
        var split = whole.Id + " split at " + place.Syntax.SpanStart.ToString(System.Globalization.CultureInfo.InvariantCulture);
        _frame.Flow.Add(split, [whole.Id], [whole.Id], place.Syntax);
        for (var i = 0; i < sizes.Count; i++)
        {
            var size = (ScalarValue)sizes[i];
            var named = names is not null && i < names.Count ? names[i] : null;
            var part = named is not null ? named.Value.Name.ToSnakeCase() : "part " + (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
            var slice = Expression.Call(OperandOf(whole, 0), "Slice", start, size.Expression);
            var result = Emit(place, (whole.BaseName, part), slice, Op.Slice, whole.Shape.WithLast(DimOf(size)));
            _frame.Flow.AddPart(result.Id, split, named?.Place);
            parts.Add(result);
            start = i == 0 ? size.Expression : Expression.Add(start, size.Expression);
        }

        return new TupleValue(parts);
    }
}

using System.Numerics;
using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Values;

/// <summary>Python's ==.</summary>
internal static class Equality
{
    public static bool AreEqual(TemplateValue a, TemplateValue b, Budget budget)
    {
        budget.Charge(1);
        if (a.IsNumber && b.IsNumber) return NumberOrder.Compare(a, b) == 0;
        if (a.IsUndefined || b.IsUndefined) return a.IsUndefined && b.IsUndefined;
        if (a.Kind != b.Kind) return false;
        return a.Kind switch
        {
            ValueKind.None => true,
            ValueKind.String => a.String.Value == b.String.Value,
            _ => AreEqual((JinjaObject)a.Object!, (JinjaObject)b.Object!, budget),
        };
    }

    private static bool AreEqual(JinjaObject a, JinjaObject b, Budget budget)
    {
        if (ReferenceEquals(a, b)) return true;
        Recursion.Guard();
        switch (a, b)
        {
            case (Sequence x, Sequence y):
                if (x.IsTuple != y.IsTuple || x.Count != y.Count) return false;
                for (var i = 0; i < x.Items.Length; i++)
                {
                    if (!AreEqual(x.Items[i], y.Items[i], budget)) return false;
                }

                return true;
            case (Mapping x, Mapping y):
                if (x.Count != y.Count) return false;
                foreach (var (key, value) in x.Entries)
                {
                    var other = y.Find(key, budget);
                    if (other.IsMissing || !AreEqual(value, other, budget)) return false;
                }

                return true;
            case (RangeObject x, RangeObject y):
                return x.Count == y.Count && (x.Count == 0 || (Same(x, y, 0) && Same(x, y, x.Count - 1)));
            default:
                return false;
        }
    }

    private static bool Same(RangeObject x, RangeObject y, long index) => x.At(index).Integer == y.At(index).Integer;
}

/// <summary>The order of numbers, exact between integers and floats.</summary>
internal static class NumberOrder
{
    /// <summary>-1, 0 or 1; null if one of them is not a number (NaN).</summary>
    public static int? Compare(TemplateValue a, TemplateValue b)
    {
        if (a.IsInteger && b.IsInteger)
        {
            var isLarge = a.Kind == ValueKind.BigInteger || b.Kind == ValueKind.BigInteger;
            return isLarge ? a.BigInteger.CompareTo(b.BigInteger) : a.Integer.CompareTo(b.Integer);
        }

        if (a.Kind == ValueKind.Float && b.Kind == ValueKind.Float)
        {
            if (a.Float == b.Float) return 0; // 0.0 and -0.0, too
            return a.Float < b.Float ? -1 : a.Float > b.Float ? 1 : null;
        }

        return a.IsInteger ? CompareMixed(a.BigInteger, b.Float) : -CompareMixed(b.BigInteger, a.Float);
    }

    private static int? CompareMixed(BigInteger a, double b)
    {
        if (double.IsNaN(b)) return null;
        if (double.IsInfinity(b)) return b > 0 ? -1 : 1;
        var order = a.CompareTo(new BigInteger(Math.Truncate(b)));
        return order != 0 ? order : Math.Truncate(b).CompareTo(b);
    }
}

/// <summary>Python's order of values, as &lt; and sorted() use it.</summary>
/// <param name="budget">Counts the comparisons.</param>
internal sealed class ValueOrder(Budget budget) : IComparer<TemplateValue>
{
    public int Compare(TemplateValue a, TemplateValue b) => IsLess(a, b, "<") ? -1 : IsLess(b, a, "<") ? 1 : 0;

    /// <summary>Whether a &lt; b.</summary>
    /// <param name="a">The first value.</param>
    /// <param name="b">The second value.</param>
    /// <param name="sign">The operator as the template wrote it, for messages.</param>
    /// <exception cref="TemplateFault">They have no order.</exception>
    public bool IsLess(TemplateValue a, TemplateValue b, string sign) => Compare(a, b, sign) is < 0;

    /// <summary>-1, 0 or 1; null if neither holds, as for NaN.</summary>
    public int? Compare(TemplateValue a, TemplateValue b, string sign)
    {
        budget.Charge(1);
        if (a.IsNumber && b.IsNumber) return NumberOrder.Compare(a, b);
        if (a.IsString && b.IsString) return CompareText(a.String.Value, b.String.Value);
        if (a.IsUndefined) throw a.UndefinedReason.ToFault();
        if (b.IsUndefined) throw b.UndefinedReason.ToFault();
        if (a.Object is Sequence x && b.Object is Sequence y && x.IsTuple == y.IsTuple)
        {
            Recursion.Guard();
            for (var i = 0; i < Math.Min(x.Items.Length, y.Items.Length); i++)
            {
                if (!Equality.AreEqual(x.Items[i], y.Items[i], budget)) return Compare(x.Items[i], y.Items[i], sign);
            }

            return x.Items.Length.CompareTo(y.Items.Length);
        }

        throw TemplateFault.Type($"'{sign}' not supported between instances of '{TypeNames.Of(a)}' and '{TypeNames.Of(b)}'");
    }

    // By code points: a surrogate pair is above all characters of one unit.
    private static int CompareText(string a, string b)
    {
        var at = a.AsSpan().CommonPrefixLength(b);
        if (at == a.Length || at == b.Length) return a.Length.CompareTo(b.Length);
        var (x, y) = (a[at], b[at]);
        if (char.IsSurrogate(x) != char.IsSurrogate(y)) return char.IsSurrogate(x) ? 1 : -1;
        return x < y ? -1 : 1;
    }
}

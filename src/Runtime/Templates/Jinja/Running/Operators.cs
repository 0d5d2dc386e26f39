using System.Numerics;
using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Running;

/// <summary>The arithmetic operators of Python, for numbers, strings and lists.</summary>
internal static class Operators
{
    public static TemplateValue Apply(Renderer renderer, string sign, TemplateValue a, TemplateValue b)
    {
        if (sign == "%" && a.IsString) return TemplateValue.Of(PercentFormat.Format(renderer, a.String, b));
        if (a.IsUndefined) throw a.UndefinedReason.ToFault();
        if (b.IsUndefined) throw b.UndefinedReason.ToFault();
        if (a.IsNumber && b.IsNumber) return Arithmetic.Apply(sign, a, b);
        var result = sign switch
        {
            "+" => Add(renderer, a, b),
            "*" => Repeat(renderer, a, b),
            _ => default,
        };
        if (!result.IsMissing) return result;
        var shown = sign == "**" ? "** or pow()" : sign;
        throw TemplateFault.Type($"unsupported operand type(s) for {shown}: '{TypeNames.Of(a)}' and '{TypeNames.Of(b)}'");
    }

    public static TemplateValue Negate(TemplateValue a) => a.Kind switch
    {
        ValueKind.Float => -a.Float,
        ValueKind.Integer or ValueKind.BigInteger or ValueKind.Boolean => -a.BigInteger,
        _ => throw Unary("-", a),
    };

    public static TemplateValue Plus(TemplateValue a) => a.IsInteger ? a.BigInteger : a.Kind == ValueKind.Float ? a : throw Unary("+", a);

    /// <summary>The strings one after the other; Markup escapes the other.</summary>
    public static JinjaString Concatenate(Renderer renderer, JinjaString a, JinjaString b)
    {
        var isMarkup = a.IsMarkup || b.IsMarkup;
        if (isMarkup) (a, b) = (Html.Escape(renderer, a), Html.Escape(renderer, b));
        if (!isMarkup && b.Length == 0) return a;
        if (!isMarkup && a.Length == 0) return b;
        var text = new JinjaStringBuilder(renderer.Budget);
        text.Append(a);
        text.Append(b);
        return isMarkup ? text.ToJinjaString().AsMarkup() : text.ToJinjaString();
    }

    private static TemplateFault Unary(string sign, TemplateValue a) => a.IsUndefined ? a.UndefinedReason.ToFault()
        : TemplateFault.Type($"bad operand type for unary {sign}: '{TypeNames.Of(a)}'");

    private static TemplateValue Add(Renderer renderer, TemplateValue a, TemplateValue b)
    {
        if (a.IsString && b.IsString) return TemplateValue.Of(Concatenate(renderer, a.String, b.String));
        if (a.Object is Sequence x && b.Object is Sequence y && x.IsTuple == y.IsTuple)
        {
            renderer.Budget.Charge(x.Count + y.Count);
            return TemplateValue.Of(new Sequence([.. x.Items, .. y.Items], x.IsTuple));
        }

        if (!a.IsString && a.Object is not Sequence) return default;
        var type = TypeNames.Of(a);
        throw TemplateFault.Type($"can only concatenate {type} (not \"{TypeNames.Of(b)}\") to {type}");
    }

    private static TemplateValue Repeat(Renderer renderer, TemplateValue a, TemplateValue b)
    {
        if (a.IsInteger && !b.IsInteger) (a, b) = (b, a);
        if (!a.IsString && a.Object is not Sequence) return default;
        if (!b.IsInteger) throw TemplateFault.Type($"can't multiply sequence by non-int of type '{TypeNames.Of(b)}'");
        var count = (long)BigInteger.Max(0, BigInteger.Min(b.BigInteger, int.MaxValue));
        if (a.IsString) return TemplateValue.Of(Repeat(renderer, a.String, a.String.Length == 0 ? 0 : count));
        var list = (Sequence)a.Object!;
        renderer.Budget.Charge(list.Count * count);
        var items = new TemplateValue[list.Count * count];
        for (var i = 0; i < items.Length; i += list.Items.Length) list.Items.CopyTo(items, i);
        return TemplateValue.Of(new Sequence(items, list.IsTuple));
    }

    private static JinjaString Repeat(Renderer renderer, JinjaString text, long count)
    {
        // Before anything is written, so that nothing is written in vain.
        renderer.Budget.Write(0, text.Length * count);
        var result = new JinjaStringBuilder(renderer.Budget);
        if (text.Length == 1) result.Append(text.Value[0], (int)count, text.OriginAt(0));
        else for (var i = 0L; i < count; i++) result.Append(text);
        return text.IsMarkup ? result.ToJinjaString().AsMarkup() : result.ToJinjaString();
    }
}

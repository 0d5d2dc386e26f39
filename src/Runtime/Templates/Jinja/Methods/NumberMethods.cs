using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Methods;

/// <summary>The attributes of numbers that a template may use.</summary>
internal static class NumberMethods
{
    public static TemplateValue Find(TemplateValue value, string name) => name switch
    {
        "real" or "numerator" when value.IsInteger => value.BigInteger,
        "real" when value.Kind == ValueKind.Float => value,
        "imag" when value.IsInteger => 0,
        "imag" when value.Kind == ValueKind.Float => 0.0,
        "denominator" when value.IsInteger => 1,
        "is_integer" when value.Kind == ValueKind.Float => Method("is_integer", Math.Floor(value.Float) == value.Float && double.IsFinite(value.Float)),
        "bit_length" when value.IsInteger => Method("bit_length", (long)System.Numerics.BigInteger.Abs(value.BigInteger).GetBitLength()),
        "conjugate" when value.IsNumber => Method("conjugate", value.IsInteger ? value.BigInteger : value),
        _ => default,
    };

    private static TemplateValue Method(string name, TemplateValue result) => TemplateValue.Of(new BoundMethod(new Signature(name, 0), (_, _) => result));
}

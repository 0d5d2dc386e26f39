using System.Text.Json;
using ArchGen.Grammars.JsonSchema.Numbers;
using ArchGen.Grammars.JsonSchema.Patterns;
using ArchGen.Grammars.JsonSchema.Sets;

namespace ArchGen.Grammars.JsonSchema.Reading;

internal sealed partial class SchemaReader
{
    private Term? Scalar(SetAlgebra algebra, SchemaNode node, string name, JsonElement value, string path)
    {
        var terms = algebra.Terms;
        switch (name)
        {
            case "type":
                return terms.Of(Types(algebra, value, path));
            case "enum":
                return terms.Of(Constants.Of(algebra, Values.List(value, path), path));
            case "const":
                return terms.Of(Constants.Of(algebra, [value], path));
            case "minLength":
                // Both bounds are one repetition, so that nothing has to be counted twice.
                var most = node.Element.TryGetProperty("maxLength", out var upper) ? Values.Most(upper, node.At("maxLength")) : null;
                return Only(algebra, algebra.Strings.OfLength(Values.Least(value, path), most));
            case "maxLength":
                var hasLeast = node.Element.TryGetProperty("minLength", out _);
                return hasLeast ? Term.Any : Only(algebra, algebra.Strings.OfLength(0, Values.Most(value, path)));
            case "pattern":
                return Only(algebra, patterns.Compile(Values.Text(value, path)));
            case "format":
                var format = options.AssertFormats ? StringFormats.Find(Values.Text(value, path)) : null;
                return format is null ? Term.Any : Only(algebra, patterns.Compile(format));
            case "multipleOf":
                var divisor = Values.Number(value, path);
                if (divisor.Coefficient.Sign <= 0) throw new SchemaException("a number above 0 is expected", path);
                return Only(algebra, DecimalRules.MultipleOf(divisor));
            case "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum":
                return Bound(algebra, node, name, value, path);
            default:
                return null;
        }
    }

    private static Term Bound(SetAlgebra algebra, SchemaNode node, string name, JsonElement value, string path)
    {
        var isExclusive = name.StartsWith("exclusive", StringComparison.Ordinal);

        // Draft 4 has a flag beside the bound.
        if (isExclusive && value.ValueKind is JsonValueKind.True or JsonValueKind.False) return Term.Any;
        var isMinimum = name.EndsWith("inimum", StringComparison.Ordinal);
        var flag = isMinimum ? "exclusiveMinimum" : "exclusiveMaximum";
        if (!isExclusive && node.Element.TryGetProperty(flag, out var beside)) isExclusive = beside.ValueKind == JsonValueKind.True;
        return Only(algebra, DecimalRules.Compare(Values.Number(value, path), less: !isMinimum, equal: !isExclusive, greater: isMinimum));
    }

    private static ValueSet Types(SetAlgebra algebra, JsonElement value, string path)
    {
        var names = value.ValueKind == JsonValueKind.Array ? Values.Names(value, path) : [Values.Text(value, path)];
        return names.Aggregate(ValueSet.None, (set, name) => name switch
        {
            "null" => set with { Null = true },
            "boolean" => set with { True = true, False = true },
            "integer" => set with { Numbers = NumberSet.Union(set.Numbers, NumberSet.Integers) },
            "number" => set with { Numbers = NumberSet.All },
            "string" => set with { Strings = algebra.Strings.All },
            "array" => set with { Arrays = [ArrayShape.All] },
            "object" => set with { Objects = [algebra.AnyObject] },
            _ => throw new SchemaException($"\"{name}\" is not a type; null, boolean, integer, number, string, array and object are", path),
        });
    }

    /// <summary>Values that are no string, or are one of a set.</summary>
    private static Term Only(SetAlgebra algebra, StringSet strings) =>
        algebra.Terms.Of(algebra.All with { Strings = algebra.Strings.IsEmpty(strings) ? null : strings });

    /// <summary>Values that are no number, or are one of a set.</summary>
    private static Term Only(SetAlgebra algebra, DecimalAutomaton numbers) => algebra.Terms.Of(algebra.All with { Numbers = NumberSet.Of(numbers) });
}

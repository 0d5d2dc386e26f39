using System.Text.Json;
using ArchGen.Grammars.JsonSchema.Sets;

namespace ArchGen.Grammars.JsonSchema.Reading;

internal sealed partial class SchemaReader
{
    private Term? Array(SetAlgebra algebra, SchemaNode node, string name, JsonElement value, string path)
    {
        ArrayShape any = new() { Path = path };
        switch (name)
        {
            case "items" or "prefixItems" when value.ValueKind == JsonValueKind.Array:
                Term[] prefix = [.. value.EnumerateArray().Select((item, i) => algebra.Terms.Of(document.Child(node, item, name, Index(i))))];
                var isLast = name == "items" && node.Element.TryGetProperty("additionalItems", out _);
                return Only(algebra, any with { Prefix = prefix, Rest = isLast ? Optional(algebra, node, "additionalItems") : Term.Any });
            case "prefixItems":
                throw new SchemaException("an array of schemas is expected", path);
            case "items":
                var count = node.Element.TryGetProperty("prefixItems", out var first) && first.ValueKind == JsonValueKind.Array ? first.GetArrayLength() : 0;
                return Only(algebra, any with { Prefix = [.. Enumerable.Repeat(Term.Any, count)], Rest = Child(algebra, node, name, value) });
            case "minItems":
                return Only(algebra, any with { Min = Values.Least(value, path) });
            case "maxItems":
                return Only(algebra, any with { Max = Values.Most(value, path) });
            case "uniqueItems":
                return Values.Flag(value, path) ? Only(algebra, any with { IsUnique = true }) : Term.Any;
            case "contains":
                return Contains(algebra, node, value, any);
            default:
                return null;
        }
    }

    private Term Contains(SetAlgebra algebra, SchemaNode node, JsonElement value, ArrayShape any)
    {
        var min = node.Element.TryGetProperty("minContains", out var least) ? Values.Least(least, node.At("minContains")) : 1;
        var max = node.Element.TryGetProperty("maxContains", out var most) ? Values.Most(most, node.At("maxContains")) : null;
        return Only(algebra, any with { Contains = [new(Child(algebra, node, "contains", value), 0, min, max)] });
    }

    /// <summary>Values that are no array, or are one of a shape.</summary>
    private static Term Only(SetAlgebra algebra, ArrayShape shape) =>
        algebra.Terms.Of(algebra.All with { Arrays = SetAlgebra.Normal(shape) is { } normal ? [normal] : [] });
}

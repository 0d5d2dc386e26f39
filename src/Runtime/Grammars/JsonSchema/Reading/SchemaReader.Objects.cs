using System.Text.Json;
using ArchGen.Grammars.JsonSchema.Sets;

namespace ArchGen.Grammars.JsonSchema.Reading;

internal sealed partial class SchemaReader
{
    private Term? Object(SetAlgebra algebra, SchemaNode node, string name, JsonElement value, string path)
    {
        var any = algebra.AnyObject with { Path = path };
        switch (name)
        {
            case "properties":
                var members = Values.Map(value, path)
                    .Select(member => new Member(member.Name, algebra.Terms.Of(document.Child(node, member.Value, name, member.Name)), false, true));
                return Only(algebra, any with { Members = [.. members] });
            case "patternProperties":
                return algebra.Terms.And([.. Values.Map(value, path).Select(member => Pattern(algebra, node, member))]);
            case "additionalProperties":
                return Additional(algebra, node, value, any);
            case "propertyNames":
                var names = algebra.Resolve(Child(algebra, node, name, value)).Strings ?? StringSets.None;
                return Only(algebra, any with { Regions = Divide(algebra, names, Term.Any, Term.Never) });
            case "required":
                return Required(algebra, value, path);
            case "minProperties":
                return Only(algebra, any with { Min = Values.Least(value, path) });
            case "maxProperties":
                return Only(algebra, any with { Max = Values.Most(value, path) });
            case "dependentRequired" or "dependentSchemas" or "dependencies":
                return algebra.Terms.And([.. Values.Map(value, path).Select(member => Dependency(algebra, node, name, member))]);
            default:
                return null;
        }
    }

    private static Term Required(SetAlgebra algebra, JsonElement value, string path)
    {
        var members = Values.Names(value, path).Distinct(StringComparer.Ordinal).Select(name => new Member(name, Term.Any, true));
        return Only(algebra, algebra.AnyObject with { Members = [.. members], Path = path });
    }

    private Term Pattern(SetAlgebra algebra, SchemaNode node, JsonProperty member)
    {
        var names = patterns.Compile(member.Name);
        var value = algebra.Terms.Of(document.Child(node, member.Value, "patternProperties", member.Name));
        return Only(algebra, algebra.AnyObject with { Regions = Divide(algebra, names, value, Term.Any), Path = node.At("patternProperties") });
    }

    private Term Additional(SetAlgebra algebra, SchemaNode node, JsonElement value, ObjectShape any)
    {
        List<Member> members = [];
        if (node.Element.TryGetProperty("properties", out var properties))
        {
            foreach (var property in Values.Map(properties, node.At("properties"))) members.Add(new(property.Name, Term.Any, false));
        }

        var named = StringSets.None;
        if (node.Element.TryGetProperty("patternProperties", out var byPattern))
        {
            foreach (var property in Values.Map(byPattern, node.At("patternProperties"))) named = algebra.Strings.Union(named, patterns.Compile(property.Name));
        }

        return Only(algebra, any with { Members = members, Regions = Divide(algebra, named, Term.Any, Child(algebra, node, "additionalProperties", value)) });
    }

    private Term Dependency(SetAlgebra algebra, SchemaNode node, string keyword, JsonProperty member)
    {
        var path = $"{node.At(keyword)}/{SchemaNode.Escape(member.Name)}";
        var absent = Only(algebra, algebra.AnyObject with { Members = [new(member.Name, Term.Never, false)], Path = path });
        if (member.Value.ValueKind != JsonValueKind.Array)
        {
            return algebra.Terms.Or(absent, algebra.Terms.Of(document.Child(node, member.Value, keyword, member.Name)));
        }

        var required = Values.Names(member.Value, path).Select(name => new Member(name, Term.Any, true));
        return algebra.Terms.Or(absent, Only(algebra, algebra.AnyObject with { Members = [.. required.DistinctBy(name => name.Name)], Path = path }));
    }

    /// <summary>The names of a set with one condition, and all others with another.</summary>
    private static IReadOnlyList<Region> Divide(SetAlgebra algebra, StringSet names, Term inside, Term outside)
    {
        if (names.Regex == algebra.Strings.All.Regex) return [new(names, inside)];
        if (algebra.Strings.IsEmpty(names)) return [new(algebra.Strings.All, outside)];
        var others = algebra.Strings.Complement(names);
        return algebra.Strings.IsEmpty(others) ? [new(algebra.Strings.All, inside)] : [new(names, inside), new(others, outside)];
    }

    /// <summary>Values that are no object, or are one of a shape.</summary>
    private static Term Only(SetAlgebra algebra, ObjectShape shape) => algebra.Terms.Of(algebra.All with { Objects = [shape] });
}

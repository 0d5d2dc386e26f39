using System.Text.Json;
using ArchGen.Grammars.JsonSchema.Sets;

namespace ArchGen.Grammars.JsonSchema.Reading;

internal sealed partial class SchemaReader
{
    private const int MaxCases = 64;
    private const int MaxCaseNesting = 32;

    /// <summary>
    /// What is evaluated depends on which of the schemas at the place the value satisfies. Each case has a condition and what is evaluated if it holds; the
    /// cases together are all values.
    /// </summary>
    private Term Unevaluated(SetAlgebra algebra, SchemaNode node, string name, JsonElement value)
    {
        var (terms, rest) = (algebra.Terms, Child(algebra, node, name, value));
        List<Term> result = [];
        foreach (var (condition, evaluated) in Cases(algebra, node, 0, isOwner: true))
        {
            result.Add(terms.And(condition, name == "unevaluatedItems" ? Items(evaluated) : Properties(evaluated)));
        }

        return terms.Or([.. result]);

        Term Items(Evaluated evaluated) => evaluated.HasAllItems ? Term.Any : Only(algebra, new ArrayShape
        {
            Prefix = [.. Enumerable.Repeat(Term.Any, evaluated.Items)],
            Rest = terms.Or([.. evaluated.Contained, rest]),
            Path = node.At(name),
        });

        Term Properties(Evaluated evaluated) => evaluated.HasAllProperties ? Term.Any : Only(algebra, algebra.AnyObject with
        {
            Members = [.. evaluated.Names.Select(member => new Member(member, Term.Any, false))],
            Regions = Divide(algebra, evaluated.Patterns, Term.Any, rest),
            Path = node.At(name),
        });
    }

    private List<(Term Condition, Evaluated Evaluated)> Cases(SetAlgebra algebra, SchemaNode node, int depth, bool isOwner = false)
    {
        if (depth > MaxCaseNesting) throw new SchemaException($"what is evaluated is nested more than {MaxCaseNesting} deep", node.Path);
        if (node.Element.ValueKind != JsonValueKind.Object) return [(Term.Any, Evaluated.None)];
        List<(Term Condition, Evaluated Evaluated)> cases = [(Term.Any, Own(algebra, node, isOwner))];
        foreach (var property in node.Element.EnumerateObject())
        {
            if (CasesOf(algebra, node, property.Name, property.Value, depth + 1) is not { } further) continue;
            List<(Term Condition, Evaluated Evaluated)> product = [];
            foreach (var (condition, evaluated) in cases)
            {
                foreach (var other in further)
                {
                    var both = algebra.Terms.And(condition, other.Condition);
                    if (!both.IsNever) product.Add((both, evaluated.With(other.Evaluated, algebra.Strings)));
                }
            }

            cases = product;
            if (cases.Count > MaxCases) throw new SchemaException($"what is evaluated depends on more than {MaxCases} cases", node.Path);
        }

        return cases;
    }

    /// <summary>The cases of a keyword that applies other schemas to the same value; null if it does not.</summary>
    private List<(Term Condition, Evaluated Evaluated)>? CasesOf(SetAlgebra algebra, SchemaNode node, string name, JsonElement value, int depth)
    {
        var terms = algebra.Terms;
        List<(Term, Evaluated)> nothing = [(Term.Any, Evaluated.None)];
        switch (name)
        {
            case "$ref" or "$dynamicRef" or "$recursiveRef":
                return Cases(algebra, document.Find(node, Values.Text(value, node.At(name)), name), depth);
            case "allOf":
                var all = nothing;
                foreach (var child in Nodes(node, name, value)) all = Both(algebra, all, Cases(algebra, child, depth));
                return all;
            case "anyOf":
                var any = nothing;
                foreach (var child in Nodes(node, name, value))
                {
                    var inner = Cases(algebra, child, depth);
                    if (inner is [{ Condition.IsAny: true, Evaluated.IsNone: true }]) continue;
                    any = Both(algebra, any, Choice(terms.Of(child), inner, nothing));
                }

                return any;
            case "oneOf":
                return [.. Nodes(node, name, value).SelectMany(child => Choice(terms.Of(child), Cases(algebra, child, depth), []))];
            case "if":
                var condition = document.Child(node, value, name);
                var then = Optional(node, "then") is { } yes ? Cases(algebra, yes, depth) : nothing;
                var @else = Optional(node, "else") is { } no ? Cases(algebra, no, depth) : nothing;
                return Choice(terms.Of(condition), Both(algebra, Cases(algebra, condition, depth), then), @else);
            case "dependentSchemas":
                var dependent = nothing;
                foreach (var member in Values.Map(value, node.At(name)))
                {
                    var present = Only(algebra, algebra.AnyObject with { Members = [new(member.Name, Term.Any, true)] });
                    var inner = Cases(algebra, document.Child(node, member.Value, name, member.Name), depth);
                    dependent = Both(algebra, dependent, Choice(present, inner, nothing));
                }

                return dependent;
            default:
                return null;
        }

        List<(Term, Evaluated)> Choice(Term condition, List<(Term, Evaluated)> inside, List<(Term, Evaluated)> outside) =>
        [
            .. inside.Select(part => (terms.And(condition, part.Item1), part.Item2)),
            .. outside.Select(part => (terms.And(terms.Not(condition), part.Item1), part.Item2)),
        ];
    }

    private static List<(Term Condition, Evaluated Evaluated)> Both(SetAlgebra algebra, List<(Term, Evaluated)> left, List<(Term, Evaluated)> right)
    {
        List<(Term, Evaluated)> result = [];
        foreach (var (condition, evaluated) in left)
        {
            foreach (var other in right)
            {
                var both = algebra.Terms.And(condition, other.Item1);
                if (!both.IsNever) result.Add((both, evaluated.With(other.Item2, algebra.Strings)));
            }
        }

        return result.Count > MaxCases ? throw new SchemaException($"what is evaluated depends on more than {MaxCases} cases") : result;
    }

    /// <summary>What the keywords of a schema evaluate by themselves.</summary>
    private Evaluated Own(SetAlgebra algebra, SchemaNode node, bool isOwner)
    {
        var schema = node.Element;
        var patternNames = StringSets.None;
        if (schema.TryGetProperty("patternProperties", out var byPattern))
        {
            var all = Values.Map(byPattern, node.At("patternProperties"));
            patternNames = all.Aggregate(patternNames, (names, property) => algebra.Strings.Union(names, patterns.Compile(property.Name)));
        }

        var hasItems = schema.TryGetProperty("items", out var items);
        var prefix = hasItems && items.ValueKind == JsonValueKind.Array ? items : schema.TryGetProperty("prefixItems", out var first) ? first : default;
        return new()
        {
            Names = schema.TryGetProperty("properties", out var named) ? [.. Values.Map(named, node.At("properties")).Select(property => property.Name)] : [],
            Patterns = patternNames,
            HasAllProperties = schema.TryGetProperty("additionalProperties", out _) || (!isOwner && schema.TryGetProperty("unevaluatedProperties", out _)),
            Items = prefix.ValueKind == JsonValueKind.Array ? prefix.GetArrayLength() : 0,
            HasAllItems = (hasItems && items.ValueKind != JsonValueKind.Array) || schema.TryGetProperty("additionalItems", out _)
                || (!isOwner && schema.TryGetProperty("unevaluatedItems", out _)),

            // In draft 2019-09, contains evaluates nothing.
            Contained = document.Draft != 201909 && schema.TryGetProperty("contains", out var contained) ? [Child(algebra, node, "contains", contained)] : [],
        };
    }

    private IEnumerable<SchemaNode> Nodes(SchemaNode node, string name, JsonElement value) =>
        Values.List(value, node.At(name)).Select((item, i) => document.Child(node, item, name, Index(i)));

    private SchemaNode? Optional(SchemaNode node, string name) =>
        node.Element.TryGetProperty(name, out var value) ? document.Child(node, value, name) : null;
}

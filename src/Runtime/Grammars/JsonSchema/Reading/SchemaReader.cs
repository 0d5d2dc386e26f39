using System.Text.Json;
using ArchGen.Grammars.JsonSchema.Patterns;
using ArchGen.Grammars.JsonSchema.Sets;

namespace ArchGen.Grammars.JsonSchema.Reading;

/// <summary>Reads the keywords of one schema into a term. Schemas inside become terms that are read when they are needed.</summary>
internal sealed partial class SchemaReader(SchemaDocument document, PatternCompiler patterns, JsonSchemaOptions options)
{
    /// <summary>The condition of a schema.</summary>
    /// <exception cref="SchemaException">A keyword is invalid or cannot be decided.</exception>
    public Term Read(SetAlgebra algebra, SchemaNode node)
    {
        var schema = node.Element;
        if (schema.ValueKind == JsonValueKind.True) return Term.Any;
        if (schema.ValueKind == JsonValueKind.False) return Term.Never;
        if (schema.ValueKind != JsonValueKind.Object) throw new SchemaException("a schema is expected: an object, true or false", node.Path);
        if (document.IgnoresSiblingsOfReferences && schema.TryGetProperty("$ref", out var reference)) return Reference(algebra, node, "$ref", reference);
        List<Term> terms = [];
        foreach (var property in schema.EnumerateObject())
        {
            terms.Add(Keyword(algebra, node, property.Name, property.Value));
        }

        return algebra.Terms.And([.. terms]);
    }

    private Term Keyword(SetAlgebra algebra, SchemaNode node, string name, JsonElement value)
    {
        var path = node.At(name);
        try
        {
            return Applicator(algebra, node, name, value)
                ?? Scalar(algebra, node, name, value, path)
                ?? Array(algebra, node, name, value, path)
                ?? Object(algebra, node, name, value, path)
                ?? Term.Any;
        }
        catch (SchemaException exception) when (exception.Path is null)
        {
            throw new SchemaException(exception.Reason, path);
        }
        catch (RequestException exception)
        {
            throw new SchemaException(exception.Message, path);
        }
    }

    private Term? Applicator(SetAlgebra algebra, SchemaNode node, string name, JsonElement value)
    {
        var terms = algebra.Terms;
        switch (name)
        {
            case "$ref" or "$dynamicRef" or "$recursiveRef":
                return Reference(algebra, node, name, value);
            case "allOf":
                return terms.And(Children(algebra, node, name, value));
            case "anyOf":
                return terms.Or(Children(algebra, node, name, value));
            case "oneOf":
                return terms.One(Children(algebra, node, name, value));
            case "not":
                return terms.Not(Child(algebra, node, name, value));
            case "if":
                var condition = Child(algebra, node, name, value);
                return terms.Or(
                    terms.And(condition, Optional(algebra, node, "then")),
                    terms.And(terms.Not(condition), Optional(algebra, node, "else")));
            case "unevaluatedProperties" or "unevaluatedItems":
                return Unevaluated(algebra, node, name, value);
            default:
                return null;
        }
    }

    private Term Reference(SetAlgebra algebra, SchemaNode node, string name, JsonElement value)
    {
        var target = document.Find(node, Values.Text(value, node.At(name)), name);
        return ReferenceEquals(target, node) ? throw new SchemaException("the schema refers to itself", node.At(name)) : algebra.Terms.Of(target);
    }

    private Term Child(SetAlgebra algebra, SchemaNode node, string name, JsonElement value) => algebra.Terms.Of(document.Child(node, value, name));

    private Term Optional(SetAlgebra algebra, SchemaNode node, string name) =>
        node.Element.TryGetProperty(name, out var value) ? Child(algebra, node, name, value) : Term.Any;

    private Term[] Children(SetAlgebra algebra, SchemaNode node, string name, JsonElement value)
    {
        var list = Values.List(value, node.At(name));
        if (list.Count == 0) throw new SchemaException("at least one schema is expected", node.At(name));
        return [.. list.Select((item, i) => algebra.Terms.Of(document.Child(node, item, name, Index(i))))];
    }

    private static string Index(int index) => index.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;

namespace ArchGen.Grammars.Tests.JsonSchema;

/// <summary>Makes schemas and documents from a few names and values, so that a document often satisfies a schema, or nearly does.</summary>
internal sealed class RandomSchema(int seed)
{
    private static readonly string[] Names = ["a", "b", "ab"];
    private static readonly string[] Scalars =
        ["null", "true", "false", "0", "1", "2", "-1", "3", "1.5", "6", "\"\"", "\"a\"", "\"ab\"", "\"ba\"", "\"aab\"", "\"é\""];

    private static readonly string[] Patterns = ["a", "^a", "b$", "^a*$", "^(ab|b)$", "^(?!a)", "^[^b]*$", "a(?=b)"];
    private static readonly string[] Types = ["null", "boolean", "integer", "number", "string", "array", "object"];

    private readonly Random _random = new(seed);

    /// <summary>A schema with a recursive definition.</summary>
    public string Schema() => $$$"""{"$defs": {"d": {{{Schema(2)}}}}, "allOf": [{{{Schema(3)}}}]}""";

    /// <summary>A document.</summary>
    public string Document(int depth)
    {
        var kind = depth == 0 ? 0 : _random.Next(4);
        if (kind <= 1) return Pick(Scalars);
        if (kind == 2) return $"[{string.Join(',', Enumerable.Range(0, _random.Next(4)).Select(_ => Document(depth - 1)))}]";
        var names = Names.Where(_ => _random.Next(2) == 0).ToArray();
        return $"{{{string.Join(',', names.Select(name => $"\"{name}\":{Document(depth - 1)}"))}}}";
    }

    private string Schema(int depth)
    {
        if (_random.Next(12) == 0) return Pick(["true", "false"]);
        Dictionary<string, string> keywords = [];
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var (name, value) = depth > 0 && _random.Next(3) > 0 ? Applicator(depth - 1) : Assertion();
            keywords[name] = value;
        }

        if (keywords.ContainsKey("if") && _random.Next(3) > 0) keywords["then"] = Schema(depth - 1);
        if (keywords.ContainsKey("if") && _random.Next(3) > 0) keywords["else"] = Schema(depth - 1);
        if (keywords.ContainsKey("contains") && _random.Next(3) == 0) keywords["minContains"] = Number(0, 2);
        if (keywords.ContainsKey("contains") && _random.Next(3) == 0) keywords["maxContains"] = Number(1, 2);
        return $"{{{string.Join(", ", keywords.Select(keyword => $"\"{keyword.Key}\": {keyword.Value}"))}}}";
    }

    private (string Name, string Value) Assertion() => _random.Next(16) switch
    {
        0 or 1 or 2 => ("type", _random.Next(2) == 0 ? $"\"{Pick(Types)}\"" : $"[\"{Pick(Types)}\", \"{Pick(Types)}\"]"),
        3 => ("enum", List(() => Document(1), 1, 4)),
        4 => ("const", Document(2)),
        5 => (Pick(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]), Pick(["0", "1", "1.5", "-1", "2.0"])),
        6 => ("multipleOf", Pick(["2", "3", "0.5", "1.5"])),
        7 => ("minLength", Number(0, 2)),
        8 => ("maxLength", Number(0, 2)),
        9 => ("pattern", $"\"{Pick(Patterns)}\""),
        10 => ("required", List(() => $"\"{Pick(Names)}\"", 1, 2)),
        11 => (Pick(["minProperties", "maxProperties"]), Number(0, 3)),
        12 => (Pick(["minItems", "maxItems"]), Number(0, 3)),
        13 => ("propertyNames", $$"""{"pattern": "{{Pick(Patterns)}}"}"""),
        14 => ("dependentRequired", $$"""{"{{Pick(Names)}}": ["{{Pick(Names)}}"]}"""),
        _ => ("additionalProperties", "false"),
    };

    private (string Name, string Value) Applicator(int depth) => _random.Next(15) switch
    {
        0 or 1 or 2 => ("properties", Map(Names, depth)),
        3 => ("patternProperties", Map(Patterns[..5], depth)),
        4 => ("additionalProperties", Schema(depth)),
        5 => ("items", Schema(depth)),
        6 => ("prefixItems", List(() => Schema(depth), 1, 2)),
        7 => ("contains", Schema(depth)),
        8 => ("allOf", List(() => Schema(depth), 1, 2)),
        9 => ("anyOf", List(() => Schema(depth), 1, 3)),
        10 => ("oneOf", List(() => Schema(depth), 1, 3)),
        11 => ("not", Schema(depth)),
        12 => ("if", Schema(depth)),
        13 => ("dependentSchemas", Map(Names, depth)),
        _ => ("properties", """{"a": {"$ref": "#/$defs/d"}}"""),
    };

    private string Map(string[] names, int depth)
    {
        var chosen = names.Where(_ => _random.Next(2) == 0).ToArray();
        StringBuilder map = new("{");
        map.AppendJoin(", ", chosen.Select(name => $"\"{name}\": {Schema(depth)}"));
        return map.Append('}').ToString();
    }

    private string List(Func<string> item, int min, int max) => $"[{string.Join(", ", Enumerable.Range(0, _random.Next(min, max + 1)).Select(_ => item()))}]";

    private string Number(int min, int max) => _random.Next(min, max + 1).ToString(CultureInfo.InvariantCulture);

    private string Pick(string[] of) => of[_random.Next(of.Length)];
}

using System.Numerics;
using ArchGen.Templates.Jinja.Filters;
using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Tests;

/// <summary>A test: value is name(arguments).</summary>
/// <param name="signature">The parameters after the value.</param>
/// <param name="holds">Whether it holds.</param>
internal sealed class Test(Signature signature, Func<Renderer, TemplateValue, TemplateValue[], bool> holds)
{
    public string Name => signature.Name;

    public bool Holds(Renderer renderer, TemplateValue value, Arguments arguments) => holds(renderer, value, signature.Assign(arguments));
}

/// <summary>All tests by name, those of Jinja2.</summary>
internal static class TestTable
{
    private static readonly Dictionary<string, Test> Tests = Create();

    public static Test? Find(string name) => Tests.GetValueOrDefault(name);

    private static Dictionary<string, Test> Create()
    {
        var tests = new Dictionary<string, Test>(StringComparer.Ordinal);
        foreach (var test in (Test[])[.. Types(), .. Numbers(), .. Others()]) tests.Add(test.Name, test);
        foreach (var names in new[] { "== eq equalto", "!= ne", "< lt lessthan", "<= le", "> gt greaterthan", ">= ge" })
        {
            var sign = names[..names.IndexOf(' ', StringComparison.Ordinal)];
            foreach (var name in names.Split(' ')) tests.Add(name, Comparison(name, sign));
        }

        return tests;
    }

    private static Test Simple(string name, Func<TemplateValue, bool> holds) => new(new Signature(name, 0), (_, value, _) => holds(value));

    private static Test Comparison(string name, string sign) => new(new Signature(name, 1, "other"), (renderer, value, a) => sign switch
    {
        "==" => Equality.AreEqual(value, a[0], renderer.Budget),
        "!=" => !Equality.AreEqual(value, a[0], renderer.Budget),
        _ => Nodes.Comparison.Compare(renderer, sign, value, a[0]),
    });

    private static Test[] Types() =>
    [
        Simple("defined", value => !value.IsUndefined),
        Simple("undefined", value => value.IsUndefined),
        Simple("none", value => value.IsNone),
        Simple("boolean", value => value.Kind == ValueKind.Boolean),
        Simple("true", value => value.Kind == ValueKind.Boolean && value.Boolean),
        Simple("false", value => value.Kind == ValueKind.Boolean && !value.Boolean),
        Simple("integer", value => value.Kind is ValueKind.Integer or ValueKind.BigInteger),
        Simple("float", value => value.Kind == ValueKind.Float),
        Simple("number", value => value.IsNumber),
        Simple("string", value => value.IsString),
        Simple("mapping", value => value.Object is Mapping),
        Simple("callable", value => value.Object is Callable || value.IsUndefined), // Undefined has __call__
        Simple("escaped", value => value.IsString && value.String.IsMarkup),
        new(new Signature("iterable", 0), (renderer, value, _) => value.IsString || value.IsUndefined || IsIterable(renderer, value)),
        Simple("sequence", value => value.IsString || value.IsUndefined || value.Object is Sequence or Mapping or RangeObject),
    ];

    private static bool IsIterable(Renderer renderer, TemplateValue value) => value.Object is JinjaObject item && item.Iterate(renderer) is not null;

    private static Test[] Numbers() =>
    [
        new(new Signature("odd", 0), (renderer, value, _) => Remainder(renderer, value, 2) is { } rest && Equality.AreEqual(rest, 1, renderer.Budget)),
        new(new Signature("even", 0), (renderer, value, _) => Remainder(renderer, value, 2) is { } rest && Equality.AreEqual(rest, 0, renderer.Budget)),
        new(new Signature("divisibleby", 1, "num"), (renderer, value, a) => Equality.AreEqual(Operators.Apply(renderer, "%", value, a[0]), 0, renderer.Budget)),
    ];

    private static TemplateValue? Remainder(Renderer renderer, TemplateValue value, BigInteger by) => Operators.Apply(renderer, "%", value, by);

    private static Test[] Others() =>
    [
        new(new Signature("lower", 0), (renderer, value, _) => IsCase(renderer.Text(value).Value, Characters.IsLower)),
        new(new Signature("upper", 0), (renderer, value, _) => IsCase(renderer.Text(value).Value, Characters.IsUpper)),
        new(new Signature("in", 1, "seq"), (renderer, value, a) => Truth.Contains(renderer, a[0], value)),
        new(new Signature("sameas", 1, "other"), (_, value, a) => IsSame(value, a[0])),
        new(new Signature("filter", 0), (renderer, value, _) => value.IsString && FilterTable.Find(value.String.Value) is not null),
        new(new Signature("test", 0), (renderer, value, _) => value.IsString && Find(value.String.Value) is not null),
    ];

    /// <summary>Python's islower and isupper: there is a cased character, and all of them are of the case.</summary>
    public static bool IsCase(string text, Func<string, int, bool> isCase)
    {
        var hasCased = false;
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            if (!CaseMapping.IsCased(text, i)) continue;
            if (!isCase(text, i)) return false;
            hasCased = true;
        }

        return hasCased;
    }

    // Python's is. Small integers and equal strings are the same there only sometimes; here always.
    private static bool IsSame(TemplateValue a, TemplateValue b)
    {
        if (a.Kind != b.Kind) return false;
        return a.Kind switch
        {
            ValueKind.Object => ReferenceEquals(a.Object, b.Object),
            ValueKind.String => a.String.Value == b.String.Value,
            ValueKind.BigInteger => a.BigInteger == b.BigInteger,
            ValueKind.Undefined or ValueKind.Missing => ReferenceEquals(a.UndefinedReason, b.UndefinedReason),
            _ => a.Integer == b.Integer,
        };
    }
}

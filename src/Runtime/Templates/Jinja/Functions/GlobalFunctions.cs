using ArchGen.Templates.Jinja.Filters;
using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Functions;

/// <summary>The functions that every template has: those of Jinja2 but lipsum, and raise_exception and strftime_now as in transformers.</summary>
internal static class GlobalFunctions
{
    private static readonly Dictionary<string, TemplateValue> Functions = new(StringComparer.Ordinal)
    {
        ["range"] = Function("range", Range),
        ["dict"] = Function("dict", Dict),
        ["namespace"] = Function("namespace", Namespace),
        ["cycler"] = Function("cycler", Cycle),
        ["joiner"] = Function("joiner", (_, arguments) => Join(new Signature("joiner", 0, "sep").Assign(arguments)[0])),
        ["raise_exception"] = Function("raise_exception", Raise),
        ["strftime_now"] = Function("strftime_now", FormatNow),
    };

    public static TemplateValue Find(string name) => Functions.GetValueOrDefault(name);

    private static TemplateValue Function(string name, Func<Renderer, Arguments, TemplateValue> call) => TemplateValue.Of(new GlobalFunction(name, call));

    private static TemplateValue Range(Renderer renderer, Arguments arguments)
    {
        var a = new Signature("range", 1, "*start", "*stop", "*step").Assign(arguments);
        var values = Array.ConvertAll(a, Bound);
        var step = a[2].IsMissing ? 1 : values[2];
        return TemplateValue.Of(a[1].IsMissing ? RangeObject.Create(0, values[0], 1) : RangeObject.Create(values[0], values[1], step));
    }

    private static long Bound(TemplateValue value)
    {
        if (value.IsMissing) return 0;
        if (!value.IsInteger) throw TemplateFault.Type($"'{TypeNames.Of(value)}' object cannot be interpreted as an integer");
        return value.Kind == ValueKind.BigInteger ? throw new TemplateFault(TemplateErrorKind.OverflowError, "Python int too large to convert to C ssize_t")
            : value.Integer;
    }

    private static TemplateValue Dict(Renderer renderer, Arguments arguments)
    {
        var given = new Signature("dict", 0, "*value").Assign(arguments with { Named = [] })[0];
        var dict = new Mapping();
        foreach (var (key, value) in Pairs(renderer, given)) dict.Set(key, value, renderer.Budget);
        foreach (var (key, value) in arguments.Named) dict.Set(key, value, TextOrigin.Template);
        return TemplateValue.Of(dict);
    }

    private static IEnumerable<KeyValuePair<TemplateValue, TemplateValue>> Pairs(Renderer renderer, TemplateValue given)
    {
        if (given.IsMissing) yield break;
        if (given.Object is Mapping other)
        {
            foreach (var entry in other.Entries) yield return entry;
            yield break;
        }

        foreach (var item in renderer.Iterate(given))
        {
            var pair = renderer.ToList(item);
            if (pair.Count != 2) throw TemplateFault.Value($"dictionary update sequence element has length {pair.Count}; 2 is required");
            yield return KeyValuePair.Create(pair[0], pair[1]);
        }
    }

    private static TemplateValue Namespace(Renderer renderer, Arguments arguments)
    {
        var result = new NamespaceObject();
        var given = new Signature("namespace", 0, "*value").Assign(arguments with { Named = [] })[0];
        foreach (var (key, value) in Pairs(renderer, given)) result.Set(renderer.Text(key).Value, value);
        foreach (var (key, value) in arguments.Named) result.Set(key, value);
        return TemplateValue.Of(result);
    }

    private static TemplateValue Cycle(Renderer renderer, Arguments arguments)
    {
        if (arguments.Positional.Length == 0) throw new TemplateFault(TemplateErrorKind.TemplateRuntimeError, "at least one item has to be provided");
        return TemplateValue.Of(new Cycler(arguments.Positional));
    }

    private static TemplateValue Join(TemplateValue separator) =>
        TemplateValue.Of(new Joiner(separator.IsMissing ? TemplateValue.Trusted(", ") : separator));

    private static TemplateValue Raise(Renderer renderer, Arguments arguments)
    {
        var message = new Signature("raise_exception", 1, "message").Assign(arguments)[0];
        throw new TemplateFault(TemplateErrorKind.TemplateError, renderer.Text(message).Value);
    }

    private static TemplateValue FormatNow(Renderer renderer, Arguments arguments)
    {
        var format = FilterArguments.String(new Signature("strftime_now", 1, "format").Assign(arguments)[0], "the format of strftime_now");
        var result = new JinjaStringBuilder(renderer.Budget);
        result.Append(TimeFormat.Format(renderer.Options.Clock.GetLocalNow(), format.Value));
        return TemplateValue.Of(result.ToJinjaString());
    }
}

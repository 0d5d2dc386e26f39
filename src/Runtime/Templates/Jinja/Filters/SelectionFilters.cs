using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Tests;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Filters;

/// <summary>map, select, reject, selectattr, rejectattr: generators, whose errors come when they are used.</summary>
internal static class SelectionFilters
{
    public static IEnumerable<KeyValuePair<string, Filter>> All =>
    [
        Filter.Variadic("map", (renderer, value, arguments) => TemplateValue.Of(new Generator(Map(renderer, value, arguments)))),
        Selection("select", keeps: true, hasAttribute: false),
        Selection("reject", keeps: false, hasAttribute: false),
        Selection("selectattr", keeps: true, hasAttribute: true),
        Selection("rejectattr", keeps: false, hasAttribute: true),
    ];

    private static IEnumerable<TemplateValue> Map(Renderer renderer, TemplateValue value, Arguments arguments)
    {
        if (!Truth.Of(value)) yield break;
        var function = Mapping(renderer, arguments);
        foreach (var item in renderer.Iterate(value)) yield return function(item);
    }

    private static Func<TemplateValue, TemplateValue> Mapping(Renderer renderer, Arguments arguments)
    {
        if (arguments.Positional.Length == 0 && arguments.Find("attribute") is { IsMissing: false } attribute)
        {
            foreach (var (name, _) in arguments.Named)
            {
                if (name is not ("attribute" or "default")) throw TemplateFault.Argument($"Unexpected keyword argument '{name}'");
            }

            var path = AttributePath.Parse(attribute, otherwise: arguments.Find("default"));
            return item => path.Read(renderer, item);
        }

        if (arguments.Positional.Length == 0) throw TemplateFault.Argument("map requires a filter argument");
        var filterName = renderer.Text(arguments.Positional[0]).Value;
        var filter = FilterTable.Find(filterName) ?? throw new TemplateFault(TemplateErrorKind.TemplateRuntimeError, $"No filter named '{filterName}'.");
        var rest = arguments.Skip(1);
        return item => filter.Apply(renderer, item, rest);
    }

    private static KeyValuePair<string, Filter> Selection(string name, bool keeps, bool hasAttribute) => Filter.Variadic(name, (renderer, value, arguments) =>
        TemplateValue.Of(new Generator(Select(renderer, value, arguments, keeps, hasAttribute))));

    private static IEnumerable<TemplateValue> Select(Renderer renderer, TemplateValue value, Arguments arguments, bool keeps, bool hasAttribute)
    {
        if (!Truth.Of(value)) yield break;
        var condition = Condition(renderer, arguments, hasAttribute);
        foreach (var item in renderer.Iterate(value))
        {
            if (condition(item) == keeps) yield return item;
        }
    }

    private static Func<TemplateValue, bool> Condition(Renderer renderer, Arguments arguments, bool hasAttribute)
    {
        if (hasAttribute && arguments.Positional.Length == 0) throw TemplateFault.Argument("Missing parameter for attribute name");
        var path = AttributePath.Parse(hasAttribute ? arguments.Positional[0] : default);
        var rest = hasAttribute ? arguments.Skip(1) : arguments;
        if (rest.Positional.Length == 0) return item => Truth.Of(path.Read(renderer, item));
        var testName = renderer.Text(rest.Positional[0]).Value;
        var test = TestTable.Find(testName) ?? throw new TemplateFault(TemplateErrorKind.TemplateRuntimeError, $"No test named '{testName}'.");
        var given = rest.Skip(1);
        return item => test.Holds(renderer, path.Read(renderer, item), given);
    }
}

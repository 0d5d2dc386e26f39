using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Methods;

/// <summary>The methods of dicts. Those that change a dict are forbidden by Jinja2's sandbox.</summary>
internal static class MappingMethods
{
    public static TemplateValue Find(Mapping dict, string name) => name switch
    {
        "keys" or "values" or "items" => TemplateValue.Of(new BoundMethod(new Signature(name, 0), (_, _) => TemplateValue.Of(new MappingView(dict, name)))),
        "get" => TemplateValue.Of(new BoundMethod(new Signature(name, 1, "*key", "*default"), (renderer, a) =>
            dict.Find(a[0], renderer.Budget) is { IsMissing: false } value ? value : a[1].IsMissing ? TemplateValue.None : a[1])),
        "copy" => TemplateValue.Of(new BoundMethod(new Signature(name, 0), (_, _) => TemplateValue.Of(dict))),
        "clear" or "pop" or "popitem" or "setdefault" or "update" => UndefinedReason.Unsafe(TemplateValue.Of(dict), name),
        _ => default,
    };
}

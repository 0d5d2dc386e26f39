using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Methods;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Filters;

/// <summary>Filters that make a string of a value.</summary>
internal static class TextFilters
{
    public static IEnumerable<KeyValuePair<string, Filter>> All =>
    [
        Simple("upper", (_, text) => CaseMapping.Upper(text)),
        Simple("lower", (_, text) => CaseMapping.Lower(text)),
        Simple("capitalize", (_, text) => CaseMapping.Capitalize(text)),
        Simple("title", Title),
        Simple("string", (_, text) => text),
        Filter.Create(new Signature("trim", 0, "chars"), (renderer, value, a) =>
            TemplateValue.Of(TextOperations.Strip(renderer.Text(value), a[0], left: true, right: true))),
        Filter.Create(new Signature("replace", 2, "old", "new", "count"), Replace),
        Filter.Create(new Signature("join", 0, "d", "attribute"), Join),
        Filter.Variadic("format", Format),
        Filter.Create(new Signature("wordcount", 0), (renderer, value, _) => WordCount(renderer.Text(value).Value)),
        Filter.Create(new Signature("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys"), ToJson),
    ];

    private static KeyValuePair<string, Filter> Simple(string name, Func<Renderer, JinjaString, JinjaString> apply) =>
        Filter.Create(new Signature(name, 0), (renderer, value, _) => TemplateValue.Of(apply(renderer, renderer.Text(value))));

    // Words begin after white space, hyphens and opening brackets.
    private static JinjaString Title(Renderer renderer, JinjaString text)
    {
        var result = new JinjaStringBuilder(renderer.Budget);
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            var isBreak = IsWordBreak(text.Value[i]);
            while (i < text.Length && IsWordBreak(text.Value[i]) == isBreak) i++;
            var first = start + text.WidthAt(start);
            result.Append(CaseMapping.Upper(text.Slice(start, first)));
            result.Append(CaseMapping.Lower(text.Slice(first, i)));
        }

        return result.ToJinjaString().AsMarkup(false);
    }

    private static bool IsWordBreak(char c) => c is '-' or '(' or '{' or '[' or '<' || Characters.IsSpace(c);

    private static TemplateValue Replace(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        var count = FilterArguments.IsAbsent(a[2]) ? -1 : FilterArguments.Integer(a[2]);
        var (text, old, with) = (renderer.Text(value), renderer.Text(a[0]), renderer.Text(a[1]));
        if (!renderer.Autoescape) return TemplateValue.Of(TextOperations.Replace(renderer, text.AsMarkup(false), old, with, count));
        if (old.IsMarkup || (with.IsMarkup && !text.IsMarkup)) text = Html.Escape(renderer, text);
        if (text.IsMarkup) with = Html.Escape(renderer, with);
        return TemplateValue.Of(TextOperations.Replace(renderer, text, old, with, count).AsMarkup(text.IsMarkup));
    }

    private static TemplateValue Join(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        var separator = a[0].IsMissing ? JinjaString.Empty : renderer.Text(a[0]);
        var path = AttributePath.Parse(a[1]);
        var items = renderer.Iterate(value).Select(item => renderer.Text(path.Read(renderer, item))).ToList();
        var isMarkup = renderer.Autoescape && (separator.IsMarkup || items.Exists(item => item.IsMarkup));
        var result = new JinjaStringBuilder(renderer.Budget);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) result.Append(isMarkup ? Html.Escape(renderer, separator) : separator);
            result.Append(isMarkup ? Html.Escape(renderer, items[i]) : items[i]);
        }

        return TemplateValue.Of(result.ToJinjaString().AsMarkup(isMarkup));
    }

    private static TemplateValue Format(Renderer renderer, TemplateValue value, Arguments arguments)
    {
        if (arguments.Positional.Length > 0 && arguments.Named.Length > 0)
            throw TemplateFault.Argument("can't handle positional and keyword arguments at the same time");
        var named = new Mapping();
        foreach (var (key, item) in arguments.Named) named.Set(key, item);
        var given = arguments.Named.Length > 0 ? TemplateValue.Of(named) : Sequence.Tuple(arguments.Positional);
        return TemplateValue.Of(PercentFormat.Format(renderer, renderer.Text(value), given));
    }

    private static TemplateValue WordCount(string text)
    {
        var (count, isInWord) = (0L, false);
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            var isWord = Characters.IsWord(text, i);
            if (isWord && !isInWord) count++;
            isInWord = isWord;
        }

        return count;
    }

    private static TemplateValue ToJson(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        var indent = FilterArguments.IsAbsent(a[1]) ? null
            : a[1].IsString ? a[1].String : new JinjaString(new string(' ', Math.Clamp(FilterArguments.Integer(a[1]), 0, 1000)), TextOrigin.Template);
        var separators = FilterArguments.IsAbsent(a[2]) ? null : renderer.ToList(a[2]);
        if (separators is not null && separators.Count != 2) throw TemplateFault.Value("separators must be two strings");
        var options = new JsonTextOptions(
            EscapesNonAscii: FilterArguments.Flag(a[0]),
            indent,
            separators is null ? new JinjaString(indent is null ? ", " : ",", TextOrigin.Template) : FilterArguments.String(separators[0], "a separator"),
            separators is null ? new JinjaString(": ", TextOrigin.Template) : FilterArguments.String(separators[1], "a separator"),
            SortsKeys: FilterArguments.Flag(a[3]));
        return TemplateValue.Of(JsonText.Of(value, renderer, options));
    }
}

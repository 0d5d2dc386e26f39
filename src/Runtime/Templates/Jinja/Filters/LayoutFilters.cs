using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Methods;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Filters;

/// <summary>Filters that lay text out: indent, center, truncate, wordwrap.</summary>
internal static class LayoutFilters
{
    public static IEnumerable<KeyValuePair<string, Filter>> All =>
    [
        Filter.Create(new Signature("indent", 0, "width", "first", "blank"), Indent),
        Filter.Create(new Signature("center", 0, "width"), (renderer, value, a) =>
            TemplateValue.Of(TextOperations.Center(renderer, renderer.Text(value), FilterArguments.Integer(a[0], 80), ' '))),
        Filter.Create(new Signature("truncate", 0, "length", "killwords", "end", "leeway"), Truncate),
        Filter.Create(new Signature("wordwrap", 0, "width", "break_long_words", "wrapstring", "break_on_hyphens"), WordWrap),
    ];

    private static TemplateValue Indent(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        if (value.IsUndefined) throw value.UndefinedReason.ToFault();
        if (!value.IsString) throw TemplateFault.Type($"unsupported operand type(s) for +=: '{TypeNames.Of(value)}' and 'str'");
        var text = value.String;
        var indent = a[0].IsString ? a[0].String
            : new JinjaString(new string(' ', Math.Clamp(FilterArguments.Integer(a[0], 4), 0, 10_000)), TextOrigin.Template);
        var (first, blank) = (FilterArguments.Flag(a[1]), FilterArguments.Flag(a[2]));
        var result = new JinjaStringBuilder(renderer.Budget);
        var isFirst = true;
        // A newline is added first, as Jinja2 does: so an empty last line is one, and a final newline stays.
        foreach (var (start, end) in TextOperations.Lines(text.Value + "\n"))
        {
            if (!isFirst) result.Append('\n');
            if (isFirst ? first : blank || end > start) result.Append(indent);
            result.Append(text, start, Math.Min(end, text.Length));
            isFirst = false;
        }

        return TemplateValue.Of(result.ToJinjaString().AsMarkup(text.IsMarkup));
    }

    private static TemplateValue Truncate(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        var (length, killsWords) = (FilterArguments.Integer(a[0], 255), FilterArguments.Flag(a[1]));
        var end = a[2].IsMissing ? new JinjaString("...", TextOrigin.Template) : FilterArguments.String(a[2], "end");
        var leeway = FilterArguments.IsAbsent(a[3]) ? 5 : FilterArguments.Integer(a[3]);
        if (length < end.CodePoints || leeway < 0) throw TemplateFault.Value($"expected length >= {end.CodePoints} and leeway >= 0");
        if (Truth.Length(value) <= (long)length + leeway) return value;
        var text = FilterArguments.String(value, "the input of truncate");
        var at = text.PositionOf(length - end.CodePoints);
        if (!killsWords && at > 0 && text.Value.LastIndexOf(' ', at - 1) is >= 0 and var space) at = space;
        return TemplateValue.Of(Operators.Concatenate(renderer, text.Slice(0, at), end));
    }

    private static TemplateValue WordWrap(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        if (value.IsUndefined) throw value.UndefinedReason.ToFault();
        var text = FilterArguments.String(value, "the input of wordwrap");
        var width = FilterArguments.Integer(a[0], 79);
        if (width <= 0) throw TemplateFault.Value($"invalid width {width} (must be > 0)");
        var separator = FilterArguments.IsAbsent(a[2]) ? new JinjaString("\n", TextOrigin.Template) : FilterArguments.String(a[2], "wrapstring");
        var wrap = new WordWrap(text, width, FilterArguments.Flag(a[1], otherwise: true), FilterArguments.Flag(a[3], otherwise: true));
        var result = new JinjaStringBuilder(renderer.Budget);
        var isFirst = true;
        foreach (var (start, end) in TextOperations.Lines(text.Value))
        {
            if (!isFirst) result.Append(separator);
            isFirst = false;
            var isFirstPart = true;
            foreach (var (from, to) in wrap.Wrap(start, end))
            {
                if (!isFirstPart) result.Append(separator);
                isFirstPart = false;
                result.Append(text, from, to);
            }
        }

        return TemplateValue.Of(result.ToJinjaString());
    }
}

using ArchGen.Templates.Jinja.Filters;
using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Methods;

/// <summary>The methods of strings.</summary>
internal static class StringMethods
{
    private delegate TemplateValue Method(Renderer renderer, JinjaString text, TemplateValue[] a);

    private static readonly Dictionary<string, (Signature Signature, Method Method)> Methods = Create();

    public static TemplateValue Find(JinjaString text, string name)
    {
        if (name is "format" or "format_map") return TemplateValue.Of(StringFormat.Method(text, name));
        if (StringChecks.Find(text, name) is { IsMissing: false } check) return check;
        return Methods.TryGetValue(name, out var found)
            ? TemplateValue.Of(new BoundMethod(found.Signature, (renderer, a) => found.Method(renderer, text, a))) : default;
    }

    private static Dictionary<string, (Signature Signature, Method Method)> Create()
    {
        var methods = new Dictionary<string, (Signature, Method)>(StringComparer.Ordinal);
        Add("upper", (_, text, _) => TemplateValue.Of(CaseMapping.Upper(text)));
        Add("lower", (_, text, _) => TemplateValue.Of(CaseMapping.Lower(text)));
        Add("casefold", (_, text, _) => TemplateValue.Of(CaseMapping.Fold(text)));
        Add("capitalize", (_, text, _) => TemplateValue.Of(CaseMapping.Capitalize(text)));
        Add("title", (_, text, _) => TemplateValue.Of(CaseMapping.Title(text)));
        Add("swapcase", (_, text, _) => TemplateValue.Of(CaseMapping.SwapCase(text)));
        Add("strip", (_, text, a) => TemplateValue.Of(TextOperations.Strip(text, a[0], left: true, right: true)), "*chars");
        Add("lstrip", (_, text, a) => TemplateValue.Of(TextOperations.Strip(text, a[0], left: true, right: false)), "*chars");
        Add("rstrip", (_, text, a) => TemplateValue.Of(TextOperations.Strip(text, a[0], left: false, right: true)), "*chars");
        Add("split", (_, text, a) => Split(text, a, fromRight: false), "sep", "maxsplit");
        Add("rsplit", (_, text, a) => Split(text, a, fromRight: true), "sep", "maxsplit");
        Add("splitlines", (_, text, a) => TemplateValue.List(TextOperations.Lines(text.Value, FilterArguments.Flag(a[0]))
            .Select(line => TemplateValue.Of(text.Slice(line.Start, line.End)))), "keepends");
        Require(2, "replace", Replace, "*old", "*new", "count");
        Require(1, "join", Join, "*iterable");
        Require(1, "partition", (_, text, a) => Partition(text, FilterArguments.String(a[0], "sep"), isLast: false), "*sep");
        Require(1, "rpartition", (_, text, a) => Partition(text, FilterArguments.String(a[0], "sep"), isLast: true), "*sep");
        Require(1, "removeprefix", (_, text, a) => RemovePrefix(text, FilterArguments.String(a[0], "removeprefix() argument")), "*prefix");
        Require(1, "removesuffix", (_, text, a) => RemoveSuffix(text, FilterArguments.String(a[0], "removesuffix() argument")), "*suffix");
        Require(1, "center", (r, text, a) => TemplateValue.Of(TextOperations.Center(r, text, FilterArguments.Integer(a[0]), Fill(a[1]))), "*width", "*fill");
        Require(1, "ljust", (r, text, a) => TemplateValue.Of(TextOperations.Pad(r, text, 0, Missing(text, a[0]), Fill(a[1]))), "*width", "*fill");
        Require(1, "rjust", (r, text, a) => TemplateValue.Of(TextOperations.Pad(r, text, Missing(text, a[0]), 0, Fill(a[1]))), "*width", "*fill");
        Require(1, "zfill", ZeroFill, "*width");
        Add("expandtabs", (r, text, a) => TemplateValue.Of(ExpandTabs(r, text, FilterArguments.Integer(a[0], 8))), "tabsize");
        return methods;

        void Add(string name, Method method, params string[] parameters) => Require(0, name, method, parameters);

        void Require(int count, string name, Method method, params string[] parameters) =>
            methods.Add(name, (new Signature(name, count, parameters), method));
    }

    private static int Missing(JinjaString text, TemplateValue width) => Math.Max(0, FilterArguments.Integer(width)) - text.CodePoints;

    private static char Fill(TemplateValue value)
    {
        if (value.IsMissing) return ' ';
        return value.IsString && value.String.Length == 1 ? value.String.Value[0]
            : throw TemplateFault.Type("The fill character must be exactly one character long");
    }

    private static TemplateValue Split(JinjaString text, TemplateValue[] a, bool fromRight)
    {
        var limit = FilterArguments.Integer(a[1], -1);
        if (FilterArguments.IsAbsent(a[0])) return List(TextOperations.SplitWhiteSpace(text, limit, fromRight));
        return List(TextOperations.Split(text, FilterArguments.String(a[0], "sep"), limit, fromRight));
    }

    private static TemplateValue List(List<JinjaString> parts) => TemplateValue.Of(new Sequence([.. parts.Select(TemplateValue.Of)]));

    private static TemplateValue Replace(Renderer renderer, JinjaString text, TemplateValue[] a)
    {
        var with = FilterArguments.String(a[1], "replace() argument 2");
        if (text.IsMarkup) with = Html.Escape(renderer, with);
        var old = FilterArguments.String(a[0], "replace() argument 1");
        return TemplateValue.Of(TextOperations.Replace(renderer, text, old, with, FilterArguments.Integer(a[2], -1)));
    }

    private static TemplateValue Join(Renderer renderer, JinjaString text, TemplateValue[] a)
    {
        var result = new JinjaStringBuilder(renderer.Budget);
        var index = 0;
        foreach (var item in renderer.Iterate(a[0], "can only join an iterable"))
        {
            if (!item.IsString) throw TemplateFault.Type($"sequence item {index}: expected str instance, {TypeNames.Of(item)} found");
            if (index++ > 0) result.Append(text);
            result.Append(text.IsMarkup ? Html.Escape(renderer, item) : item.String);
        }

        return TemplateValue.Of(result.ToJinjaString().AsMarkup(text.IsMarkup));
    }

    private static TemplateValue Partition(JinjaString text, JinjaString separator, bool isLast)
    {
        if (separator.Length == 0) throw TemplateFault.Value("empty separator");
        var at = isLast ? text.Value.LastIndexOf(separator.Value, StringComparison.Ordinal) : text.Value.IndexOf(separator.Value, StringComparison.Ordinal);
        var (whole, empty) = (TemplateValue.Of(text), TemplateValue.Of(JinjaString.Empty));
        if (at < 0) return isLast ? Sequence.Tuple(empty, empty, whole) : Sequence.Tuple(whole, empty, empty);
        var (before, after) = (text.Slice(0, at), text.Slice(at + separator.Length, text.Length));
        return Sequence.Tuple(TemplateValue.Of(before), TemplateValue.Of(separator), TemplateValue.Of(after));
    }

    private static TemplateValue RemovePrefix(JinjaString text, JinjaString prefix) => TemplateValue.Of(
        text.Value.StartsWith(prefix.Value, StringComparison.Ordinal) ? text.Slice(prefix.Length, text.Length) : text);

    private static TemplateValue RemoveSuffix(JinjaString text, JinjaString suffix) => TemplateValue.Of(
        text.Value.EndsWith(suffix.Value, StringComparison.Ordinal) ? text.Slice(0, text.Length - suffix.Length) : text);

    private static TemplateValue ZeroFill(Renderer renderer, JinjaString text, TemplateValue[] a)
    {
        var sign = text.Length > 0 && text.Value[0] is '+' or '-' ? 1 : 0;
        var result = new JinjaStringBuilder(renderer.Budget);
        result.Append(text, 0, sign);
        result.Append('0', FilterArguments.Integer(a[0]) - text.CodePoints);
        result.Append(text, sign, text.Length);
        return TemplateValue.Of(result.ToJinjaString());
    }

    private static JinjaString ExpandTabs(Renderer renderer, JinjaString text, int size)
    {
        var result = new JinjaStringBuilder(renderer.Budget);
        var column = 0;
        for (var i = 0; i < text.Length;)
        {
            var width = text.WidthAt(i);
            if (text.Value[i] == '\t')
            {
                var spaces = size > 0 ? size - (column % size) : 0;
                result.Append(' ', spaces, text.OriginAt(i));
                column += spaces;
            }
            else
            {
                result.Append(text, i, i + width);
                column = text.Value[i] is '\n' or '\r' ? 0 : column + 1;
            }

            i += width;
        }

        return result.ToJinjaString();
    }
}

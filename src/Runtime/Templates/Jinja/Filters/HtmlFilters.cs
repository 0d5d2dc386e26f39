using System.Net;
using System.Text.RegularExpressions;
using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Filters;

/// <summary>Filters for HTML and addresses. Chat templates use safe, and no other.</summary>
internal static partial class HtmlFilters
{
    public static IEnumerable<KeyValuePair<string, Filter>> All =>
    [
        Filter.Create(new Signature("safe", 0), (renderer, value, _) => TemplateValue.Of(renderer.Text(value).AsMarkup())),
        Filter.Create(new Signature("escape", 0), (renderer, value, _) => TemplateValue.Of(Html.Escape(renderer, value))),
        Filter.Create(new Signature("forceescape", 0), (renderer, value, _) => TemplateValue.Of(Html.Escape(renderer, renderer.Text(value).AsMarkup(false)))),
        Filter.Create(new Signature("striptags", 0), StripTags),
        Filter.Create(new Signature("urlencode", 0), UrlEncode),
        Filter.Create(new Signature("xmlattr", 0, "autospace"), XmlAttributes),
    ];

    private static TemplateValue StripTags(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        var text = renderer.Text(value);
        // Which characters remain is not followed: all count as the caller's if one is.
        var origin = text.IsUniform(out var all) ? all : TextOrigin.Input;
        var plain = Tag().Replace(Comment().Replace(text.Value, ""), "");
        var words = plain.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return TemplateValue.Of(new JinjaString(WebUtility.HtmlDecode(string.Join(' ', words)), origin));
    }

    private static TemplateValue UrlEncode(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        var result = new JinjaStringBuilder(renderer.Budget);
        if (value.IsString || value.Object is not JinjaObject container || container.Iterate(renderer) is null)
        {
            Quote(result, renderer.Text(value), isQuery: false);
            return TemplateValue.Of(result.ToJinjaString());
        }

        var pairs = container is Mapping dict ? dict.Entries.Select(e => Sequence.Tuple(e.Key, e.Value)) : renderer.Iterate(value);
        var isFirst = true;
        foreach (var pair in pairs)
        {
            var both = renderer.ToList(pair);
            if (both.Count != 2) throw TemplateFault.Value("urlencode needs pairs of a name and a value");
            if (!isFirst) result.Append('&');
            isFirst = false;
            Quote(result, renderer.Text(both[0]), isQuery: true);
            result.Append('=');
            Quote(result, renderer.Text(both[1]), isQuery: true);
        }

        return TemplateValue.Of(result.ToJinjaString());
    }

    private static void Quote(JinjaStringBuilder result, JinjaString text, bool isQuery)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var (start, end, origin) in text.Runs(0, text.Length))
        {
            foreach (var rune in text.Value.AsSpan(start, end - start).EnumerateRunes())
            {
                foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
                {
                    var c = (char)b;
                    if (char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '~' || (c == '/' && !isQuery)) result.Append(c, origin);
                    else if (c == ' ' && isQuery) result.Append('+', origin);
                    else result.Append($"%{b:X2}", origin);
                }
            }
        }
    }

    private static TemplateValue XmlAttributes(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        if (value.IsUndefined) throw value.UndefinedReason.ToFault();
        if (value.Object is not Mapping dict) throw TemplateFault.Type($"xmlattr needs a dict, not {TypeNames.Of(value)}");
        var result = new JinjaStringBuilder(renderer.Budget);
        foreach (var (key, item) in dict.Entries)
        {
            if (item.IsNone || item.IsUndefined) continue;
            var name = renderer.Text(key);
            if (name.Value.AsSpan().IndexOfAny(" \t\n\r\f\v/>=") >= 0)
                throw TemplateFault.Value($"Invalid character in attribute name: {Representation.ForMessage(key)}");
            if (result.Length > 0 || FilterArguments.Flag(a[0], otherwise: true)) result.Append(' ');
            result.Append(Html.Escape(renderer, name));
            result.Append("=\"");
            result.Append(Html.Escape(renderer, item));
            result.Append('"');
        }

        return TemplateValue.Of(result.ToJinjaString().AsMarkup(renderer.Autoescape));
    }

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex("<.*?>", RegexOptions.Singleline)]
    private static partial Regex Tag();
}

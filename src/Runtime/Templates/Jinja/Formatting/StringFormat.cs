using System.Globalization;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Formatting;

/// <summary>Python's str.format, with the attributes that the sandbox allows.</summary>
internal sealed class StringFormat
{
    private readonly Renderer _renderer;
    private readonly Arguments _arguments;
    private readonly Mapping? _mapping;
    private int _automatic; // the next field without a number
    private bool? _isAutomatic;

    private StringFormat(Renderer renderer, Arguments arguments, Mapping? mapping)
    {
        (_renderer, _arguments, _mapping) = (renderer, arguments, mapping);
    }

    /// <summary>The method format or format_map of a string.</summary>
    public static GlobalFunction Method(JinjaString text, string name) => new(name, (renderer, arguments) =>
    {
        Mapping? mapping = null;
        if (name == "format_map")
        {
            mapping = new Signature(name, 1, "*mapping").Assign(arguments)[0].Object as Mapping ?? throw TemplateFault.Type("format_map() needs a dict");
            arguments = Arguments.None;
        }

        return TemplateValue.Of(new StringFormat(renderer, arguments, mapping).Format(text, 0).AsMarkup(text.IsMarkup));
    }, "function");

    private JinjaString Format(JinjaString format, int depth)
    {
        if (depth > 1) throw TemplateFault.Value("Max string recursion exceeded");
        var output = new JinjaStringBuilder(_renderer.Budget);
        var text = format.Value;
        for (var i = 0; i < text.Length;)
        {
            var next = text.AsSpan(i).IndexOfAny('{', '}');
            if (next < 0) next = text.Length - i;
            output.Append(format, i, i + next);
            i += next;
            if (i == text.Length) break;
            if (i + 1 < text.Length && text[i + 1] == text[i])
            {
                output.Append(format, i, i + 1);
                i += 2;
                continue;
            }

            if (text[i] == '}') throw TemplateFault.Value("Single '}' encountered in format string");
            var end = FieldEnd(text, i + 1);
            var value = Field(format.Slice(i + 1, end), depth);
            output.Append(format.IsMarkup ? Html.Escape(_renderer, value) : value);
            i = end + 1;
        }

        return output.ToJinjaString();
    }

    private static int FieldEnd(string text, int at)
    {
        var depth = 1;
        for (; at < text.Length; at++)
        {
            if (text[at] == '{') depth++;
            if (text[at] == '}' && --depth == 0) return at;
        }

        throw TemplateFault.Value(text.EndsWith('{') ? "Single '{' encountered in format string" : "expected '}' before end of string");
    }

    private JinjaString Field(JinjaString field, int depth)
    {
        var text = field.Value;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var bang = text.IndexOf('!', StringComparison.Ordinal);
        if (bang > colon && colon >= 0) bang = -1;
        var nameEnd = bang >= 0 ? bang : colon >= 0 ? colon : text.Length;
        var conversion = bang < 0 ? ' ' : bang + 1 < text.Length && (bang + 2 == text.Length || text[bang + 2] == ':') ? text[bang + 1]
            : throw TemplateFault.Value("expected ':' after conversion specifier");
        var value = Lookup(text[..nameEnd]);
        value = conversion switch
        {
            ' ' => value,
            's' => TemplateValue.Of(_renderer.Text(value)),
            'r' or 'a' => TemplateValue.Of(Representation.Of(value, _renderer.Budget)),
            _ => throw TemplateFault.Value($"Unknown conversion specifier {conversion}"),
        };
        var spec = colon < 0 ? JinjaString.Empty : Format(field.Slice(colon + 1, text.Length), depth + 1);
        return FormatSpec.Apply(_renderer, value, spec.Value);
    }

    private TemplateValue Lookup(string name)
    {
        var end = name.AsSpan().IndexOfAny('.', '[');
        var first = end < 0 ? name : name[..end];
        var value = First(first);
        for (var i = first.Length; i < name.Length;)
        {
            if (name[i] == '.')
            {
                var next = name.AsSpan(i + 1).IndexOfAny('.', '[');
                var stop = next < 0 ? name.Length : i + 1 + next;
                value = Members.Attribute(_renderer, value, name[(i + 1)..stop]);
                i = stop;
            }
            else if (name[i] == '[' && name.IndexOf(']', i) is >= 0 and var close)
            {
                var key = name[(i + 1)..close];
                value = Members.Item(_renderer, value, IsIndex(key, out var index) ? index : TemplateValue.Trusted(key));
                i = close + 1;
            }
            else
            {
                throw TemplateFault.Value("Only '.' or '[' may follow ']' in format field specifier");
            }
        }

        return value;
    }

    private TemplateValue First(string name)
    {
        if (name.Length > 0 && !IsIndex(name, out _)) return Named(name);
        var isAutomatic = name.Length == 0;
        if (_isAutomatic is { } before && before != isAutomatic)
            throw TemplateFault.Value("cannot switch between manual field specification and automatic field numbering");
        _isAutomatic = isAutomatic;
        var at = isAutomatic ? _automatic++ : IsIndex(name, out var index) ? index : 0;
        return at < _arguments.Positional.Length ? _arguments.Positional[at]
            : throw new TemplateFault(TemplateErrorKind.LookupError, "Replacement index is out of range for positional args tuple");
    }

    private TemplateValue Named(string name)
    {
        var value = _mapping?.Find(name) ?? _arguments.Find(name);
        return value.IsMissing ? throw new TemplateFault(TemplateErrorKind.LookupError, $"'{name}'") : value;
    }

    private static bool IsIndex(string text, out long index)
    {
        index = 0;
        return text.Length is > 0 and < 10 && text.All(char.IsAsciiDigit) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }
}

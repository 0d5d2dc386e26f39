using System.Globalization;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Formatting;

/// <summary>Writes values as Python's repr and str do.</summary>
/// <param name="output">Takes the text.</param>
/// <param name="budget">Counts the work.</param>
internal sealed class Representation(JinjaStringBuilder output, Budget budget)
{
    private static readonly RenderOptions MessageOptions = new() { MaxSteps = 10_000, MaxCharacters = 20_000, MaxLength = 10_000 };

    /// <summary>A value's str.</summary>
    public static JinjaString Text(TemplateValue value, Budget budget)
    {
        switch (value.Kind)
        {
            case ValueKind.String: return value.String;
            case ValueKind.Missing or ValueKind.Undefined: return JinjaString.Empty;
            default:
                var text = new JinjaStringBuilder(budget);
                new Representation(text, budget).Write(value);
                return text.ToJinjaString();
        }
    }

    /// <summary>A value's repr.</summary>
    public static JinjaString Of(TemplateValue value, Budget budget)
    {
        var text = new JinjaStringBuilder(budget);
        new Representation(text, budget).Write(value);
        return text.ToJinjaString();
    }

    /// <summary>A value's repr for an error, of a bounded length.</summary>
    public static string ForMessage(TemplateValue value)
    {
        try
        {
            var text = Of(value, new Budget(MessageOptions)).Value;
            return text.Length <= 200 ? text : text[..200] + "...";
        }
        catch (TemplateFault)
        {
            return $"<{TypeNames.Of(value)}>";
        }
    }

    /// <summary>Writes text of the template's own.</summary>
    public void Write(string text) => output.Append(text);

    /// <summary>Writes a value's repr.</summary>
    public void Write(TemplateValue value)
    {
        budget.Charge(1);
        switch (value.Kind)
        {
            case ValueKind.None: Write("None"); break;
            case ValueKind.Boolean: Write(value.Boolean ? "True" : "False"); break;
            case ValueKind.Integer: Write(value.Integer.ToString(CultureInfo.InvariantCulture)); break;
            case ValueKind.BigInteger: Write(Integers.Text(value.BigInteger)); break;
            case ValueKind.Float: Write(Floats.Text(value.Float)); break;
            case ValueKind.String: Quote(value.String); break;
            case ValueKind.Object:
                Recursion.Guard();
                ((JinjaObject)value.Object!).WriteRepresentation(this);
                break;
            default: Write("Undefined"); break;
        }
    }

    private void Quote(JinjaString text)
    {
        if (text.IsMarkup) Write("Markup(");
        var quote = text.Value.Contains('\'', StringComparison.Ordinal) && !text.Value.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        output.Append(quote);
        var copied = 0;
        for (var i = 0; i < text.Length;)
        {
            var width = text.WidthAt(i);
            if (Escape(text.Value, i, width, quote) is { } escape)
            {
                output.Append(text, copied, i);
                output.Append(escape, text.OriginAt(i));
                copied = i + width;
            }

            i += width;
        }

        output.Append(text, copied, text.Length);
        output.Append(quote);
        if (text.IsMarkup) Write(")");
    }

    private static string? Escape(string text, int at, int width, char quote)
    {
        var c = text[at];
        if (c == quote || c == '\\') return "\\" + c;
        if (c is >= ' ' and < '\x7f') return null;
        if (c is '\n' or '\r' or '\t') return c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
        if (Characters.IsPrintable(text, at)) return null;
        var code = width == 2 ? char.ConvertToUtf32(text[at], text[at + 1]) : c;
        return code <= 0xFF ? $"\\x{code:x2}" : code <= 0xFFFF ? $"\\u{code:x4}" : $"\\U{code:x8}";
    }
}

using System.Globalization;
using ArchGen.Templates.Jinja.Filters;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Formatting;

/// <summary>The options of Python's json.dumps.</summary>
/// <param name="EscapesNonAscii">ensure_ascii. Default of chat templates: false.</param>
/// <param name="Indent">The text of one level; null: all on one line.</param>
/// <param name="ItemSeparator">Between elements.</param>
/// <param name="KeySeparator">Between key and value.</param>
/// <param name="SortsKeys">sort_keys.</param>
internal sealed record JsonTextOptions(bool EscapesNonAscii, JinjaString? Indent, JinjaString ItemSeparator, JinjaString KeySeparator, bool SortsKeys);

/// <summary>Writes JSON as Python's json.dumps does. Characters of strings keep their origin, their escapes too.</summary>
/// <param name="renderer">The rendering.</param>
/// <param name="options">The options.</param>
internal sealed class JsonText(Renderer renderer, JsonTextOptions options)
{
    private readonly JinjaStringBuilder _output = new(renderer.Budget);

    public static JinjaString Of(TemplateValue value, Renderer renderer, JsonTextOptions options)
    {
        var json = new JsonText(renderer, options);
        json.Write(value, 0);
        return json._output.ToJinjaString();
    }

    private void Write(TemplateValue value, int depth)
    {
        renderer.Budget.Charge(1);
        switch (value.Kind)
        {
            case ValueKind.String: Quote(value.String); break;
            case ValueKind.Object when value.Object is Sequence list: WriteList(list, depth); break;
            case ValueKind.Object when value.Object is Mapping dict: WriteDict(dict, depth); break;
            default:
                _output.Append(Scalar(value) ?? throw TemplateFault.Type($"Object of type {TypeNames.Of(value)} is not JSON serializable"));
                break;
        }
    }

    private static string? Scalar(TemplateValue value) => value.Kind switch
    {
        ValueKind.None => "null",
        ValueKind.Boolean => value.Boolean ? "true" : "false",
        ValueKind.Integer or ValueKind.BigInteger => Integers.Text(value.BigInteger),
        ValueKind.Float => value.Float switch
        {
            double.NaN => "NaN",
            double.PositiveInfinity => "Infinity",
            double.NegativeInfinity => "-Infinity",
            _ => Floats.Text(value.Float),
        },
        _ => null,
    };

    private void WriteList(Sequence list, int depth)
    {
        Recursion.Guard();
        _output.Append("[");
        for (var i = 0; i < list.Items.Length; i++)
        {
            Separate(i, depth + 1);
            Write(list.Items[i], depth + 1);
        }

        Close(list.Items.Length, depth, "]");
    }

    private void WriteDict(Mapping dict, int depth)
    {
        Recursion.Guard();
        _output.Append("{");
        var keys = dict.Keys.ToArray();
        if (options.SortsKeys) keys = StableSort.Sort([.. keys.Select(key => (key, key))], renderer.Budget, isReversed: false);
        for (var i = 0; i < keys.Length; i++)
        {
            Separate(i, depth + 1);
            WriteKey(keys[i]);
            _output.Append(options.KeySeparator);
            Write(dict.Find(keys[i], renderer.Budget), depth + 1);
        }

        Close(keys.Length, depth, "}");
    }

    private void WriteKey(TemplateValue key)
    {
        var text = key.IsString ? key.String : Scalar(key) is { } scalar ? new JinjaString(scalar, TextOrigin.Template)
            : throw TemplateFault.Type($"keys must be str, int, float, bool or None, not {TypeNames.Of(key)}");
        Quote(text);
    }

    private void Separate(int index, int depth)
    {
        if (index > 0) _output.Append(options.ItemSeparator);
        NewLine(depth);
    }

    private void Close(int count, int depth, string bracket)
    {
        if (count > 0) NewLine(depth);
        _output.Append(bracket);
    }

    private void NewLine(int depth)
    {
        if (options.Indent is null) return;
        _output.Append('\n');
        for (var i = 0; i < depth; i++) _output.Append(options.Indent);
    }

    private void Quote(JinjaString text)
    {
        _output.Append('"');
        var copied = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (Escape(text.Value[i]) is not { } escape) continue;
            _output.Append(text, copied, i);
            _output.Append(escape, text.OriginAt(i));
            copied = i + 1;
        }

        _output.Append(text, copied, text.Length);
        _output.Append('"');
    }

    private string? Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        > '\x7e' when options.EscapesNonAscii && c != '\x7f' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        _ => null,
    };
}

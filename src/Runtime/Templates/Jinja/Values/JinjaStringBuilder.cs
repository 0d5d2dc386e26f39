using System.Runtime.InteropServices;
using System.Text;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Values;

/// <summary>Builds a string with the origins of its parts.</summary>
/// <param name="budget">Counts the characters.</param>
internal sealed class JinjaStringBuilder(Budget budget)
{
    private readonly StringBuilder _text = new();
    private readonly List<Run> _runs = [];

    public int Length => _text.Length;

    public void Append(string value, TextOrigin origin = TextOrigin.Template) => Append(value.AsSpan(), origin);

    public void Append(ReadOnlySpan<char> value, TextOrigin origin)
    {
        if (value.Length == 0) return;
        budget.Write(value.Length, (long)_text.Length + value.Length);
        _text.Append(value);
        Extend(origin);
    }

    public void Append(char value, TextOrigin origin = TextOrigin.Template) => Append([value], origin);

    public void Append(JinjaString value) => Append(value, 0, value.Length);

    /// <summary>Appends a part of a string, UTF-16.</summary>
    public void Append(JinjaString value, int start, int end)
    {
        if (start >= end) return;
        if (value.IsUniform(out var origin))
        {
            Append(value.Value.AsSpan(start, end - start), origin);
            return;
        }

        foreach (var (from, to, part) in value.Runs(start, end)) Append(value.Value.AsSpan(from, to - from), part);
    }

    public void Append(char value, int count, TextOrigin origin = TextOrigin.Template)
    {
        if (count <= 0) return;
        budget.Write(count, (long)_text.Length + count);
        _text.Append(value, count);
        Extend(origin);
    }

    public JinjaString ToJinjaString() => JinjaString.Of(_text.ToString(), CollectionsMarshal.AsSpan(_runs));

    public RenderedText ToRenderedText()
    {
        var (spans, start) = (new TextSpan[_runs.Count], 0);
        for (var i = 0; i < spans.Length; i++)
        {
            spans[i] = new TextSpan(start, _runs[i].End - start, _runs[i].Origin);
            start = _runs[i].End;
        }

        return new RenderedText(_text.ToString(), spans);
    }

    private void Extend(TextOrigin origin)
    {
        if (_runs.Count > 0 && _runs[^1].Origin == origin) _runs[^1] = new Run(_text.Length, origin);
        else _runs.Add(new Run(_text.Length, origin));
    }
}

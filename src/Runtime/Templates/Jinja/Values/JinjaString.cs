namespace ArchGen.Templates.Jinja.Values;

/// <summary>
/// A string that knows the origin of its characters. Lengths and indices of templates are code points; those of this class are UTF-16 unless a name says so.
/// </summary>
internal sealed class JinjaString
{
    public static readonly JinjaString Empty = new("", TextOrigin.Template);

    private readonly Run[]? _runs; // null: all characters have _origin
    private readonly TextOrigin _origin;
    private int _codePoints = -1;

    public JinjaString(string value, TextOrigin origin)
    {
        Value = value;
        _origin = origin;
    }

    private JinjaString(string value, Run[]? runs, TextOrigin origin, bool isMarkup)
    {
        (Value, _runs, _origin, IsMarkup) = (value, runs, origin, isMarkup);
    }

    public string Value { get; }

    public int Length => Value.Length;

    /// <summary>Whether it is markupsafe's Markup, which escapes what is added to it.</summary>
    public bool IsMarkup { get; }

    /// <summary>The number of code points.</summary>
    public int CodePoints
    {
        get
        {
            if (_codePoints < 0) _codePoints = CountCodePoints(Value);
            return _codePoints;
        }
    }

    /// <summary>A string with runs that cover it.</summary>
    public static JinjaString Of(string value, ReadOnlySpan<Run> runs) => runs.Length switch
    {
        0 => Empty,
        1 => new JinjaString(value, runs[0].Origin),
        _ => new JinjaString(value, runs.ToArray(), default, isMarkup: false),
    };

    public JinjaString AsMarkup(bool isMarkup = true) => IsMarkup == isMarkup ? this : new JinjaString(Value, _runs, _origin, isMarkup);

    /// <summary>Another string of the same length, with the same origins.</summary>
    public JinjaString WithValue(string value) => new(value, _runs, _origin, IsMarkup);

    /// <summary>The part from start to end, UTF-16.</summary>
    public JinjaString Slice(int start, int end)
    {
        if (start >= end) return IsMarkup ? Empty.AsMarkup() : Empty;
        if (start == 0 && end == Value.Length) return this;
        var value = Value[start..end];
        if (_runs is null) return new JinjaString(value, null, _origin, IsMarkup);
        var runs = new List<Run>();
        foreach (var (from, to, origin) in Runs(start, end)) runs.Add(new Run(to - start, origin));
        return new JinjaString(value, runs.Count == 1 ? null : [.. runs], runs[0].Origin, IsMarkup);
    }

    /// <summary>The runs between two positions, with positions of the whole string.</summary>
    public IEnumerable<(int Start, int End, TextOrigin Origin)> Runs(int start, int end)
    {
        if (_runs is null)
        {
            if (start < end) yield return (start, end, _origin);
            yield break;
        }

        for (var i = FirstRun(start); i < _runs.Length && start < end; i++)
        {
            var to = Math.Min(_runs[i].End, end);
            yield return (start, to, _runs[i].Origin);
            start = to;
        }
    }

    /// <summary>Whether all characters have one origin, and which.</summary>
    public bool IsUniform(out TextOrigin origin)
    {
        origin = _origin;
        return _runs is null;
    }

    public TextOrigin OriginAt(int index) => _runs is null ? _origin : _runs[FirstRun(index)].Origin;

    /// <summary>The UTF-16 position of a code point; the length for one beyond the end.</summary>
    public int PositionOf(int codePoint)
    {
        if (CodePoints == Value.Length) return Math.Min(codePoint, Value.Length);
        var at = 0;
        for (; codePoint > 0 && at < Value.Length; codePoint--) at += WidthAt(at);
        return at;
    }

    /// <summary>The code point at a UTF-16 position.</summary>
    public int CodePointOf(int position) => CodePoints == Value.Length ? position : CountCodePoints(Value.AsSpan(0, position));

    /// <summary>1, or 2 for a surrogate pair.</summary>
    public int WidthAt(int position) =>
        char.IsHighSurrogate(Value[position]) && position + 1 < Value.Length && char.IsLowSurrogate(Value[position + 1]) ? 2 : 1;

    public override string ToString() => Value;

    private static int CountCodePoints(ReadOnlySpan<char> value)
    {
        var count = value.Length;
        for (var i = value.IndexOfAnyInRange('\uD800', '\uDBFF'); i >= 0 && i + 1 < value.Length; i++)
        {
            if (char.IsHighSurrogate(value[i]) && char.IsLowSurrogate(value[i + 1])) count--;
        }

        return count;
    }

    private int FirstRun(int position)
    {
        var (low, high) = (0, _runs!.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_runs[middle].End > position) high = middle;
            else low = middle + 1;
        }

        return low;
    }
}

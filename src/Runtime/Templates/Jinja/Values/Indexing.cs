using System.Numerics;

namespace ArchGen.Templates.Jinja.Values;

/// <summary>Python's indices and slices.</summary>
internal static class Indexing
{
    /// <summary>The index of an element; a negative one counts from the end. False if the key is no integer or out of range.</summary>
    public static bool TryIndex(TemplateValue key, long count, out long index)
    {
        index = 0;
        if (!key.IsInteger || key.Kind == ValueKind.BigInteger) return false;
        index = key.Integer < 0 ? key.Integer + count : key.Integer;
        return index >= 0 && index < count;
    }

    /// <summary>The first index, the step and the number of elements of a slice of a sequence of <paramref name="count"/>.</summary>
    /// <exception cref="Running.TemplateFault">A bound is no integer, or the step is 0.</exception>
    public static (long Start, long Step, long Count) Slice(TemplateValue start, TemplateValue stop, TemplateValue step, long count)
    {
        var by = step.IsMissing || step.IsNone ? 1 : Clamp(step, -long.MaxValue, long.MaxValue);
        if (by == 0) throw Running.TemplateFault.Value("slice step cannot be zero");
        var (least, most) = by > 0 ? (0L, count) : (-1L, count - 1);
        var first = Bound(start, by > 0 ? least : most);
        var end = Bound(stop, by > 0 ? most : least);
        var length = by > 0 ? (end <= first ? 0 : ((end - first - 1) / by) + 1) : (end >= first ? 0 : ((end - first + 1) / by) + 1);
        return (first, by, length);

        long Bound(TemplateValue bound, long otherwise)
        {
            if (bound.IsMissing || bound.IsNone) return otherwise;
            var value = Clamp(bound, -long.MaxValue / 2, long.MaxValue / 2);
            return Math.Clamp(value < 0 ? value + count : value, least, most);
        }
    }

    private static long Clamp(TemplateValue value, long least, long most)
    {
        if (!value.IsInteger) throw Running.TemplateFault.Type("slice indices must be integers or None or have an __index__ method");
        return (long)BigInteger.Max(least, BigInteger.Min(most, value.BigInteger));
    }
}

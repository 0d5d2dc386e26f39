using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Filters;

/// <summary>
/// A stable merge sort: equal elements keep their order, as in Python. That of .NET wraps what a comparison throws, and requires a consistent order, which
/// NaN has not.
/// </summary>
internal static class StableSort
{
    public static TemplateValue[] Sort(List<(TemplateValue Key, TemplateValue Item)> keyed, Budget budget, bool isReversed)
    {
        var (from, to) = (keyed.ToArray(), new (TemplateValue Key, TemplateValue Item)[keyed.Count]);
        var order = new ValueOrder(budget);
        for (var width = 1; width < from.Length; width *= 2)
        {
            for (var start = 0; start < from.Length; start += 2 * width)
                Merge(from, to, start, Math.Min(start + width, from.Length), Math.Min(start + (2 * width), from.Length));
            (from, to) = (to, from);
        }

        return Array.ConvertAll(from, entry => entry.Item);

        void Merge((TemplateValue Key, TemplateValue Item)[] source, (TemplateValue Key, TemplateValue Item)[] target, int start, int middle, int end)
        {
            var (i, j) = (start, middle);
            for (var at = start; at < end; at++)
            {
                var takesSecond = i == middle || (j < end && (isReversed
                    ? order.IsLess(source[i].Key, source[j].Key, "<") : order.IsLess(source[j].Key, source[i].Key, "<")));
                target[at] = source[takesSecond ? j++ : i++];
            }
        }
    }
}

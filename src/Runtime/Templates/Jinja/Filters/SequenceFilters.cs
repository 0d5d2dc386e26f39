using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Filters;

/// <summary>Filters for lists and dicts, and for any value.</summary>
internal static class SequenceFilters
{
    public static IEnumerable<KeyValuePair<string, Filter>> All =>
    [
        Filter.Create(new Signature("length", 0), (_, value, _) => Truth.Length(value)),
        Filter.Create(new Signature("list", 0), (renderer, value, _) => TemplateValue.List(renderer.Iterate(value))),
        Filter.Create(new Signature("first", 0), First),
        Filter.Create(new Signature("last", 0), Last),
        Filter.Create(new Signature("random", 0), RandomItem),
        Filter.Create(new Signature("reverse", 0), Reverse),
        Filter.Create(new Signature("items", 0), Items),
        Filter.Create(new Signature("sum", 0, "attribute", "start"), Sum),
        Filter.Create(new Signature("batch", 1, "linecount", "fill_with"), (renderer, value, a) =>
            TemplateValue.Of(new Generator(Batch(renderer, value, a[0], a[1])))),
        Filter.Create(new Signature("slice", 1, "slices", "fill_with"), (renderer, value, a) =>
            TemplateValue.Of(new Generator(Slice(renderer, value, a[0], a[1])))),
        Filter.Create(new Signature("default", 0, "default_value", "boolean"), (_, value, a) =>
            value.IsUndefined || (FilterArguments.Flag(a[1]) && !Truth.Of(value)) ? a[0].IsMissing ? TemplateValue.Of(JinjaString.Empty) : a[0] : value),
        Filter.Create(new Signature("attr", 1, "name"), (renderer, value, a) => Members.OnlyAttribute(renderer, value, a[0])),
    ];

    private static TemplateValue First(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        foreach (var item in renderer.Iterate(value)) return item;
        return UndefinedReason.Because("No first item, sequence was empty.");
    }

    private static TemplateValue Last(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        foreach (var item in Reversed(renderer, value) ?? throw NotReversible(value)) return item;
        return UndefinedReason.Because("No last item, sequence was empty.");
    }

    private static TemplateFault NotReversible(TemplateValue value) => TemplateFault.Type($"'{TypeNames.Of(value)}' object is not reversible");

    private static IEnumerable<TemplateValue>? Reversed(Renderer renderer, TemplateValue value)
    {
        if (value.IsUndefined) return [];
        return value.IsString ? renderer.ToList(value).AsEnumerable().Reverse() : (value.Object as JinjaObject)?.Reverse(renderer);
    }

    private static TemplateValue RandomItem(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        var items = renderer.ToList(value);
        return items.Count > 0 ? items[Random.Shared.Next(items.Count)] : UndefinedReason.Because("No random item, sequence was empty.");
    }

    private static TemplateValue Reverse(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        if (value.IsString) return Members.Slice(renderer, value, default, default, -1);
        if (Reversed(renderer, value) is { } reversed) return TemplateValue.Of(new Generator(reversed, "list_reverseiterator"));
        try
        {
            var items = renderer.ToList(value);
            items.Reverse();
            return TemplateValue.List(items);
        }
        catch (TemplateFault fault) when (fault.Kind == TemplateErrorKind.TypeError)
        {
            throw TemplateFault.Argument("argument must be iterable");
        }
    }

    private static TemplateValue Items(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        // A generator: its error comes when it is used.
        return TemplateValue.Of(new Generator(Pairs()));

        IEnumerable<TemplateValue> Pairs()
        {
            if (value.IsUndefined) yield break;
            if (value.Object is not Mapping dict) throw TemplateFault.Type("Can only get item pairs from a mapping.");
            foreach (var (key, item) in dict.Entries) yield return Sequence.Tuple(key, item);
        }
    }

    private static TemplateValue Sum(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        var sum = a[1].IsMissing ? 0 : a[1];
        if (sum.IsString) throw TemplateFault.Type("sum() can't sum strings [use ''.join(seq) instead]");
        var path = AttributePath.Parse(a[0]);
        foreach (var item in renderer.Iterate(value)) sum = Operators.Apply(renderer, "+", sum, path.Read(renderer, item));
        return sum;
    }

    private static IEnumerable<TemplateValue> Batch(Renderer renderer, TemplateValue value, TemplateValue size, TemplateValue fill)
    {
        var batch = new List<TemplateValue>();
        foreach (var item in renderer.Iterate(value))
        {
            if (Equality.AreEqual(batch.Count, size, renderer.Budget))
            {
                yield return TemplateValue.List(batch);
                batch.Clear();
            }

            batch.Add(item);
        }

        if (batch.Count == 0) yield break;
        if (!FilterArguments.IsAbsent(fill))
        {
            var count = FilterArguments.Integer(size) - batch.Count;
            renderer.Budget.Charge(Math.Max(0, count));
            for (; count > 0; count--) batch.Add(fill);
        }

        yield return TemplateValue.List(batch);
    }

    private static IEnumerable<TemplateValue> Slice(Renderer renderer, TemplateValue value, TemplateValue slices, TemplateValue fill)
    {
        var items = renderer.ToList(value);
        var count = FilterArguments.Integer(slices);
        if (count == 0) throw new TemplateFault(TemplateErrorKind.ZeroDivisionError, "integer division or modulo by zero");
        var (size, longer) = (items.Count / count, items.Count % count);
        for (int i = 0, start = 0; i < count; i++)
        {
            renderer.Budget.Charge(1);
            var length = size + (i < longer ? 1 : 0);
            var slice = items.GetRange(start, length);
            start += length;
            if (!FilterArguments.IsAbsent(fill) && i >= longer) slice.Add(fill);
            yield return TemplateValue.List(slice);
        }
    }
}

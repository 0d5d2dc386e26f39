using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Filters;

/// <summary>Filters that compare elements: sort, dictsort, groupby, unique, min, max.</summary>
internal static class OrderFilters
{
    public static IEnumerable<KeyValuePair<string, Filter>> All =>
    [
        Filter.Create(new Signature("sort", 0, "reverse", "case_sensitive", "attribute"), Sort),
        Filter.Create(new Signature("dictsort", 0, "case_sensitive", "by", "reverse"), DictSort),
        Filter.Create(new Signature("groupby", 1, "attribute", "default", "case_sensitive"), GroupBy),
        Filter.Create(new Signature("unique", 0, "case_sensitive", "attribute"), (renderer, value, a) =>
            TemplateValue.Of(new Generator(Unique(renderer, value, AttributePath.Parse(a[1], !FilterArguments.Flag(a[0])))))),
        Filter.Create(new Signature("min", 0, "case_sensitive", "attribute"), (renderer, value, a) => Extreme(renderer, value, a, "<")),
        Filter.Create(new Signature("max", 0, "case_sensitive", "attribute"), (renderer, value, a) => Extreme(renderer, value, a, ">")),
    ];

    private static TemplateValue Sort(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        var paths = AttributePath.ParseMany(a[2], ignoresCase: !FilterArguments.Flag(a[1]));
        var keyed = renderer.Iterate(value)
            .Select(item => (TemplateValue.List(paths.Select(path => path.Read(renderer, item))), item)).ToList();
        return TemplateValue.List(StableSort.Sort(keyed, renderer.Budget, FilterArguments.Flag(a[0])));
    }

    private static TemplateValue DictSort(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        var by = a[1].IsMissing ? "key" : renderer.Text(a[1]).Value;
        if (by is not ("key" or "value")) throw TemplateFault.Argument("You can only sort by either \"key\" or \"value\"");
        if (value.IsUndefined) throw value.UndefinedReason.ToFault();
        if (value.Object is not Mapping dict)
            throw new TemplateFault(TemplateErrorKind.TypeError, $"'{TypeNames.Of(value)}' object has no attribute 'items'");
        var path = AttributePath.Parse(by == "key" ? 0 : 1, ignoresCase: !FilterArguments.Flag(a[0]));
        var keyed = dict.Entries.Select(e => Sequence.Tuple(e.Key, e.Value)).Select(pair => (path.Read(renderer, pair), pair)).ToList();
        return TemplateValue.List(StableSort.Sort(keyed, renderer.Budget, FilterArguments.Flag(a[2])));
    }

    private static TemplateValue GroupBy(Renderer renderer, TemplateValue value, TemplateValue[] a)
    {
        var isCaseSensitive = FilterArguments.Flag(a[2]);
        var (path, shown) = (AttributePath.Parse(a[0], !isCaseSensitive, a[1]), AttributePath.Parse(a[0], false, a[1]));
        var keyed = renderer.Iterate(value).Select(item => (Key: path.Read(renderer, item), Item: item)).ToList();
        var sorted = StableSort.Sort(keyed, renderer.Budget, isReversed: false);
        var (groups, group, current) = (new List<TemplateValue>(), new List<TemplateValue>(), default(TemplateValue));
        foreach (var item in sorted)
        {
            var key = path.Read(renderer, item);
            if (group.Count > 0 && !Equality.AreEqual(key, current, renderer.Budget)) Close();
            current = key;
            group.Add(item);
        }

        if (group.Count > 0) Close();
        return TemplateValue.List(groups);

        void Close()
        {
            var pair = new Sequence([shown.Read(renderer, group[0]), TemplateValue.List(group)], isTuple: true) { Names = ["grouper", "list"] };
            groups.Add(TemplateValue.Of(pair));
            group.Clear();
        }
    }

    private static IEnumerable<TemplateValue> Unique(Renderer renderer, TemplateValue value, AttributePath path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in renderer.Iterate(value))
        {
            if (seen.Add(ValueKey.Of(path.Read(renderer, item), renderer.Budget))) yield return item;
        }
    }

    private static TemplateValue Extreme(Renderer renderer, TemplateValue value, TemplateValue[] a, string sign)
    {
        var path = AttributePath.Parse(a[1], ignoresCase: !FilterArguments.Flag(a[0]));
        var (best, bestKey) = (default(TemplateValue), default(TemplateValue));
        foreach (var item in renderer.Iterate(value))
        {
            var key = path.Read(renderer, item);
            if (best.IsMissing || Nodes.Comparison.Compare(renderer, sign, key, bestKey)) (best, bestKey) = (item, key);
        }

        return best.IsMissing ? UndefinedReason.Because("No aggregated item, sequence was empty.") : best;
    }
}

namespace ArchGen.Templates.Jinja.Filters;

/// <summary>All filters by name: those of Jinja2, with tojson as transformers defines it.</summary>
internal static class FilterTable
{
    private static readonly Dictionary<string, Filter> Filters = Create();

    public static Filter? Find(string name) => Filters.GetValueOrDefault(name);

    private static Dictionary<string, Filter> Create()
    {
        var filters = new Dictionary<string, Filter>(
            [.. TextFilters.All, .. LayoutFilters.All, .. HtmlFilters.All, .. NumberFilters.All, .. SequenceFilters.All, .. OrderFilters.All,
                .. SelectionFilters.All],
            StringComparer.Ordinal);
        foreach (var (alias, name) in new[] { ("count", "length"), ("d", "default"), ("e", "escape") }) filters[alias] = filters[name];
        return filters;
    }
}

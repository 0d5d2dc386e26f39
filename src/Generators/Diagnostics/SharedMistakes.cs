using ArchGen.Generators.Model;

namespace ArchGen.Generators.Diagnostics;

/// <summary>What is reported about one architecture.</summary>
internal sealed record ModelDiagnostics(int Depth, string FullName, string ClassName, EquatableArray<DiagnosticModel> Diagnostics);

/// <summary>
/// Makes one report of a mistake that several architectures share: of one in a base, which its variants find too, and of a declaration in a base that
/// does not fit what each of them makes of it. The report stands at the base, in the base's words, and names whom it affects.
/// </summary>
internal static class SharedMistakes
{
    private const int NamedAtMost = 3;

    public static IEnumerable<DiagnosticModel> Join(IEnumerable<ModelDiagnostics> models)
    {
        var found = models.OrderBy(m => m.Depth).ThenBy(m => m.FullName, StringComparer.Ordinal)
            .SelectMany(m => m.Diagnostics.Select(d => (m.ClassName, Diagnostic: d))).ToList();
        var causes = found.Where(f => f.Diagnostic.Cause is not null).GroupBy(f => PlaceOf(f.Diagnostic.Cause!))
            .Where(g => g.Select(f => PlaceOf(f.Diagnostic)).Distinct().Skip(1).Any()).Select(g => g.Key);
        var shared = new HashSet<(string, SourcePlace)>(causes);
        return found.Select(f => f.Diagnostic.Cause is { } cause && shared.Contains(PlaceOf(cause)) ? (f.ClassName, Diagnostic: cause) : f)
            .GroupBy(f => PlaceOf(f.Diagnostic))
            .Select(g => g.First().Diagnostic with { Affected = Names([.. g.Where(f => f.Diagnostic.IsInherited).Select(f => f.ClassName).Distinct()]) });
    }

    /// <summary>What makes two reports one: the place, or the library that all of an assembly cannot read.</summary>
    private static (string, SourcePlace) PlaceOf(DiagnosticModel diagnostic) => (diagnostic.Id,
        diagnostic.Id == Descriptors.OtherLanguage.Id ? new SourcePlace(diagnostic.Arguments[0], default, default) : diagnostic.Place);

    private static string Names(IReadOnlyList<string> classes)
    {
        if (classes.Count <= NamedAtMost + 1) return string.Join(", ", classes);
        return $"{string.Join(", ", classes.Take(NamedAtMost))} and "
            + $"{(classes.Count - NamedAtMost).ToString(System.Globalization.CultureInfo.InvariantCulture)} more";
    }
}

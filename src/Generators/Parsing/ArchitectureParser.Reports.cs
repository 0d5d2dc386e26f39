using System.Globalization;
using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>What is said of an architecture: each mistake once, where its author can mend it.</summary>
internal static partial class ArchitectureParser
{
    private static IEnumerable<DiagnosticModel> Joined(INamedTypeSymbol type, IEnumerable<DiagnosticModel> diagnostics) =>
        diagnostics.Distinct().GroupBy(MistakeOf).Select(g => g.First()).Select(d => OfLibrary(type, d) ?? d with
        {
            IsInherited = !IsWithin(type, d),
            Cause = d.Cause is { } cause && !CarriedFile.IsCarried(cause.Place.FilePath) ? cause with { IsInherited = true } : null,
        });

    /// <summary>
    /// What is found in a library's file, as a report at the architecture: the file is not here, and what does not fit there is what the architecture makes of
    /// it. Null for any other report.
    /// </summary>
    private static DiagnosticModel? OfLibrary(INamedTypeSymbol type, DiagnosticModel report)
    {
        var place = report.Place;
        if (!CarriedFile.IsCarried(place.FilePath)) return null;
        return report with
        {
            Place = Descriptors.Of(report.Id).At(type.FirstLocation()).Place,
            Origin = $"{Path.GetFileName(place.FilePath)}:{(place.First.Line + 1).ToString(CultureInfo.InvariantCulture)} of "
                + Path.GetFileName(Path.GetDirectoryName(place.FilePath)),
            Cause = null,
        };
    }

    /// <summary>What is reported once: a mistake at a place, or a name that is unknown, however often it is written.</summary>
    private static (string, object) MistakeOf(DiagnosticModel report) =>
        report.Id == Descriptors.UnknownName.Id ? (report.Id, report.Arguments[0])
        : report.Id == Descriptors.UnknownMember.Id ? (report.Id, report.Arguments[1])
        : (report.Id, report.Place);

    private static bool IsWithin(INamedTypeSymbol type, DiagnosticModel diagnostic) =>
        type.DeclaringSyntaxReferences.Any(r => r.Includes(diagnostic.Place));
}

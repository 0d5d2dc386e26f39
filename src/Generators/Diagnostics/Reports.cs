using System.Collections.Immutable;
using System.Globalization;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.Generators.Diagnostics;

/// <summary>From a descriptor and a place to the model's report, and from the report back to the compiler's diagnostic.</summary>
internal static class Reports
{
    /// <summary>The key of <see cref="DiagnosticModel.Remedy"/> among the properties of a diagnostic.</summary>
    private const string RemedyProperty = "Remedy";

    /// <summary>A report at a place.</summary>
    public static DiagnosticModel At(this DiagnosticDescriptor descriptor, Location location, params string[] arguments)
    {
        var lines = location.GetLineSpan().Span;
        var place = new SourcePlace(
            location.SourceTree?.FilePath ?? "", (lines.Start.Line, lines.Start.Character), (lines.End.Line, lines.End.Character));
        return new DiagnosticModel(descriptor.Id, descriptor.DefaultSeverity == DiagnosticSeverity.Error, place, arguments.ToEquatable());
    }

    /// <summary>A report of an unknown name, whose last argument proposes the nearest of those known.</summary>
    public static DiagnosticModel AtUnknown(
        this DiagnosticDescriptor descriptor, Location location, string name, IEnumerable<string> candidates, params string[] arguments)
    {
        var nearest = Spelling.Nearest(name, candidates);
        return descriptor.At(location, [.. arguments, nearest is null ? "" : $"; did you mean '{nearest}'?"]) with { Remedy = nearest };
    }

    /// <summary>The diagnostic, at its place in the compilation, so that pragmas and code fixes reach it.</summary>
    public static Diagnostic ToDiagnostic(this DiagnosticModel report, Compilation compilation)
    {
        var location = LocationOf(report.Place, compilation);
        var properties = ImmutableDictionary<string, string?>.Empty;
        if (report.Remedy is not null) properties = properties.Add(RemedyProperty, report.Remedy);
        var descriptor = Descriptors.Of(report.Id);
        var plain = Diagnostic.Create(descriptor, location, properties, [.. report.Arguments]);
        if (report.Affected.Length == 0 && report.Origin.Length == 0) return plain;
        var message = plain.GetMessage(CultureInfo.InvariantCulture) + (report.Origin.Length > 0 ? $" (in {report.Origin})" : "")
            + (report.Affected.Length > 0 ? $" (affects {report.Affected})" : "");
        return Diagnostic.Create(
            report.Id, descriptor.Category, message, plain.Severity, descriptor.DefaultSeverity, isEnabledByDefault: true, plain.WarningLevel,
            isSuppressed: false, descriptor.Title, helpLink: descriptor.HelpLinkUri, location: location, properties: properties);
    }

    private static Location LocationOf(SourcePlace place, Compilation compilation)
    {
        var lines = new LinePositionSpan(new LinePosition(place.First.Line, place.First.Column), new LinePosition(place.End.Line, place.End.Column));
        var found = compilation.SyntaxTrees.Where(t => t.FilePath == place.FilePath).Select(t => (Tree: t, Span: SpanOf(lines, t.GetText())))
            .FirstOrDefault(f => f.Span is not null);
        return found.Span is { } span ? Location.Create(found.Tree, span) : Location.Create(place.FilePath, default, lines);
    }

    /// <summary>Where lines and columns are in a text, or null if it does not have them.</summary>
    private static TextSpan? SpanOf(LinePositionSpan lines, SourceText text)
    {
        if (lines.End.Line >= text.Lines.Count) return null;
        int start = text.Lines[lines.Start.Line].Start + lines.Start.Character, end = text.Lines[lines.End.Line].Start + lines.End.Character;
        return end <= text.Length ? TextSpan.FromBounds(start, end) : null;
    }
}

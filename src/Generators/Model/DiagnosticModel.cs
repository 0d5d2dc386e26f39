using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.Generators.Model;

/// <summary>A diagnostic without a symbol or a syntax tree.</summary>
internal sealed record DiagnosticModel(string Id, string FilePath, TextSpan Span, LinePositionSpan Lines, EquatableArray<string> Arguments)
{
    /// <summary>The key of <see cref="Remedy"/> among the properties of a diagnostic.</summary>
    public const string RemedyProperty = "Remedy";

    /// <summary>The name that belongs at the place, for a code fix to write; null where none is known.</summary>
    public string? Remedy { get; init; }

    /// <summary>Whether it stands outside of the architecture that it was found in: in a base, or in what several share.</summary>
    public bool IsInherited { get; init; }

    /// <summary>The same report at the inherited declaration that is at fault if it fits nowhere, or null.</summary>
    public DiagnosticModel? Cause { get; init; }

    /// <summary>The architectures that have this mistake from there, in words; empty if it is their own.</summary>
    public string Affected { get; init; } = "";

    public static DiagnosticModel Create(DiagnosticDescriptor descriptor, Location location, params string[] arguments) =>
        new(descriptor.Id, location.SourceTree?.FilePath ?? "", location.SourceSpan, location.GetLineSpan().Span, arguments.ToEquatable());

    /// <summary>A diagnostic about an unknown name, whose last argument proposes the nearest of those known.</summary>
    public static DiagnosticModel CreateNearest(DiagnosticDescriptor descriptor, Location location, string name, IEnumerable<string> candidates,
        params string[] arguments)
    {
        var nearest = Spelling.Nearest(name, candidates);
        return Create(descriptor, location, [.. arguments, nearest is null ? "" : $"; did you mean '{nearest}'?"]) with { Remedy = nearest };
    }

    /// <summary>The diagnostic, at its place in the compilation, so that pragmas and code fixes reach it.</summary>
    public Diagnostic ToDiagnostic(Compilation compilation)
    {
        var tree = compilation.SyntaxTrees.FirstOrDefault(t => t.FilePath == FilePath && t.Length >= Span.End);
        var location = tree is null ? Location.Create(FilePath, Span, Lines) : Location.Create(tree, Span);
        var properties = ImmutableDictionary<string, string?>.Empty;
        if (Remedy is not null) properties = properties.Add(RemedyProperty, Remedy);
        var descriptor = Diagnostics.Descriptors.Of(Id);
        var plain = Diagnostic.Create(descriptor, location, properties, [.. Arguments]);
        if (Affected.Length == 0) return plain;
        var message = $"{plain.GetMessage(System.Globalization.CultureInfo.InvariantCulture)} (affects {Affected})";
        return Diagnostic.Create(
            Id, descriptor.Category, message, plain.Severity, descriptor.DefaultSeverity, isEnabledByDefault: true, plain.WarningLevel, isSuppressed: false, descriptor.Title,
            helpLink: descriptor.HelpLinkUri, location: location, properties: properties);
    }
}

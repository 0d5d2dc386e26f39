using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.Generators.Model;

/// <summary>A diagnostic without a symbol or a syntax tree.</summary>
internal sealed record DiagnosticModel(string Id, string FilePath, TextSpan Span, LinePositionSpan Lines, EquatableArray<string> Arguments)
{
    public static DiagnosticModel Create(DiagnosticDescriptor descriptor, Location location, params string[] arguments) =>
        new(descriptor.Id, location.SourceTree?.FilePath ?? "", location.SourceSpan, location.GetLineSpan().Span, arguments.ToEquatable());

    public Diagnostic ToDiagnostic() =>
        Diagnostic.Create(Diagnostics.Descriptors.Of(Id), Location.Create(FilePath, Span, Lines), [.. Arguments]);
}

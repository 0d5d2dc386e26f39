namespace ArchGen.Generators.Model;

/// <summary>A report, as values: neither a symbol nor a syntax tree.</summary>
/// <param name="Id">The diagnostic's id: <c>ARCH0001</c>.</param>
/// <param name="IsError">Whether it is an error by default rather than a warning.</param>
/// <param name="Place">The place that it marks.</param>
/// <param name="Arguments">What its message is completed with.</param>
internal sealed record DiagnosticModel(string Id, bool IsError, SourcePlace Place, EquatableArray<string> Arguments)
{
    /// <summary>The name that belongs at the place, for a code fix to write; null where none is known.</summary>
    public string? Remedy { get; init; }

    /// <summary>Whether it is outside of the architecture that it was found in: in a base, or in what several share.</summary>
    public bool IsInherited { get; init; }

    /// <summary>The same report at the inherited declaration that is at fault if it fits nowhere, or null.</summary>
    public DiagnosticModel? Cause { get; init; }

    /// <summary>The line of a library's file that it was found in, if it is reported at the architecture that derives from it; else empty.</summary>
    public string Origin { get; init; } = "";

    /// <summary>The architectures that have this mistake from there, in words; empty if it is their own.</summary>
    public string Affected { get; init; } = "";
}

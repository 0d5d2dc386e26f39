namespace ArchGen.Templates;

/// <summary>The limits of a rendering, and its clock.</summary>
public sealed record RenderOptions
{
    /// <summary>The limits by default and the system's clock.</summary>
    public static RenderOptions Default { get; } = new();

    /// <summary>
    /// The most steps: expressions evaluated, and elements that were created, visited or compared. Default: 10 million, less than some seconds.
    /// </summary>
    public long MaxSteps { get; init; } = 10_000_000;

    /// <summary>The most characters (UTF-16) of the result, and of any other text in the template. Default: 16 Mi.</summary>
    public int MaxLength { get; init; } = 16 << 20;

    /// <summary>The most characters (UTF-16) that all operations together write. Default: 128 Mi.</summary>
    public long MaxCharacters { get; init; } = 128 << 20;

    /// <summary>The most macro calls and recursive loops inside each other. Default: 200.</summary>
    public int MaxDepth { get; init; } = 200;

    /// <summary>
    /// Whether a template may change the lists that it has written itself, by <c>append</c> and <c>pop</c>: those of Kimi K2 do. Jinja2's immutable sandbox
    /// forbids it, and so does the default.
    /// </summary>
    public bool AllowsListChanges { get; init; }

    /// <summary>The clock of <c>strftime_now</c>. Default: the system's, local time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Ends a rendering early.</summary>
    public CancellationToken Cancellation { get; init; }
}

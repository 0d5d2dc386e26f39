namespace ArchGen.Generators.Tests;

/// <summary>A source file of a compilation under test.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>Whether it declares an abstract architecture, which is what others share.</summary>
    public bool IsAbstract => Text.Contains("\npublic abstract", StringComparison.Ordinal);
}

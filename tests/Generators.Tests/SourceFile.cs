namespace ArchGen.Generators.Tests;

/// <summary>A source file of a compilation under test.</summary>
internal sealed record SourceFile(string Path, string Text);

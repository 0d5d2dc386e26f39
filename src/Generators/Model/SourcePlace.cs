namespace ArchGen.Generators.Model;

/// <summary>A place in a source file, as an editor marks it.</summary>
/// <param name="FilePath">The file's path; empty for nowhere.</param>
/// <param name="Start">The first character, counted from 0.</param>
/// <param name="Length">The number of characters.</param>
/// <param name="First">The line and column of the first character, counted from 0.</param>
/// <param name="End">The line and column after the last character.</param>
internal sealed record SourcePlace(string FilePath, int Start, int Length, (int Line, int Column) First, (int Line, int Column) End);

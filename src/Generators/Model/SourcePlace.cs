namespace ArchGen.Generators.Model;

/// <summary>A place in a source file, as an editor marks it: by lines and columns, which no comment moves that is edited in another line.</summary>
/// <param name="FilePath">The file's path; empty for nowhere.</param>
/// <param name="First">The line and column of the first character, counted from 0.</param>
/// <param name="End">The line and column after the last character.</param>
internal sealed record SourcePlace(string FilePath, (int Line, int Column) First, (int Line, int Column) End);

namespace ArchGen.Generators.Model;

/// <summary>Where an operation stands.</summary>
/// <param name="Node">The node's name without prefix.</param>
/// <param name="Source">The file's name and the line: <c>Llama.cs:47</c>.</param>
internal sealed record SourceLine(string Node, string Source);

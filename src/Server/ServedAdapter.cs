namespace ArchGen.Server;

/// <summary>A LoRA adapter of a served model.</summary>
/// <param name="Path">The file, in GGUF.</param>
/// <param name="Scale">A factor on top of the file's own scale. Defaults to 1.</param>
public sealed record ServedAdapter(string Path, float Scale = 1);

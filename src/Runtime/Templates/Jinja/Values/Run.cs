namespace ArchGen.Templates.Jinja.Values;

/// <summary>A run of characters of one origin, which begins where the run before it ends.</summary>
/// <param name="End">The position after its last character, UTF-16.</param>
/// <param name="Origin">The origin.</param>
internal readonly record struct Run(int End, TextOrigin Origin);

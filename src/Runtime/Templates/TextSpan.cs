namespace ArchGen.Templates;

/// <summary>A part of a rendered text, all of one origin.</summary>
/// <param name="Start">The first character (UTF-16).</param>
/// <param name="Length">The number of characters (UTF-16), at least 1.</param>
/// <param name="Origin">The origin of these characters.</param>
public readonly record struct TextSpan(int Start, int Length, TextOrigin Origin);

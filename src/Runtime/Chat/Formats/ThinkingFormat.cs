namespace ArchGen.Chat.Formats;

/// <summary>What is around a model's thinking in its answer, such as <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c>.</summary>
/// <param name="Begin">Before it, without spaces and line breaks around. Empty if nothing is.</param>
/// <param name="End">After it, without spaces and line breaks around.</param>
internal sealed record ThinkingFormat(string Begin, string End);

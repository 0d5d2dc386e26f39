using ArchGen.Chat.Messages;

namespace ArchGen.Chat.Answers;

/// <summary>A part of an answer, in the order in which a model writes. Parts are final: none is revised later.</summary>
public abstract record AnswerPart;

/// <summary>The next characters of the answer's text.</summary>
/// <param name="Text">The characters; never empty.</param>
public sealed record AnswerText(string Text) : AnswerPart;

/// <summary>The next characters of what the model thinks.</summary>
/// <param name="Text">The characters; never empty.</param>
public sealed record AnswerReasoning(string Text) : AnswerPart;

/// <summary>A call of a tool, complete.</summary>
/// <param name="Index">Its number in the answer, from 0.</param>
/// <param name="Call">The call.</param>
public sealed record AnswerToolCall(int Index, ToolCall Call) : AnswerPart;

/// <summary>A text that begins as a call of a tool does, but is none.</summary>
/// <param name="Text">The text, as the model wrote it.</param>
/// <param name="Reason">Why it is no call.</param>
public sealed record AnswerMalformedCall(string Text, string Reason) : AnswerPart;

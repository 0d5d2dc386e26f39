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

/// <summary>
/// A call of a tool begins: its name is known, its arguments are not. Reported only if <see cref="Conversations.ChatGeneration.ReportsCallParts"/> is set; the
/// complete <see cref="AnswerToolCall"/> follows, or an <see cref="AnswerMalformedCall"/> if the call breaks off.
/// </summary>
/// <param name="Index">Its number in the answer, from 0.</param>
/// <param name="Id">The id by which the result refers to the call.</param>
/// <param name="Name">The tool's name.</param>
public sealed record AnswerToolCallBegin(int Index, string Id, string Name) : AnswerPart;

/// <summary>The next characters of a call's arguments. All of a call together are its <see cref="ToolCall.Arguments"/>.</summary>
/// <param name="Index">The number of the call.</param>
/// <param name="Text">The characters; never empty.</param>
public sealed record AnswerToolCallArguments(int Index, string Text) : AnswerPart;

/// <summary>A call of a tool, complete.</summary>
/// <param name="Index">Its number in the answer, from 0.</param>
/// <param name="Call">The call.</param>
public sealed record AnswerToolCall(int Index, ToolCall Call) : AnswerPart;

/// <summary>A text that begins as a call of a tool does, but is none.</summary>
/// <param name="Text">The text, as the model wrote it, without what was reported already. May be empty if it is a call that began.</param>
/// <param name="Reason">Why it is no call.</param>
public sealed record AnswerMalformedCall(string Text, string Reason) : AnswerPart
{
    /// <summary>The number of the call, if an <see cref="AnswerToolCallBegin"/> was reported; otherwise null.</summary>
    public int? Index { get; init; }
}

namespace ArchGen.Chat.Messages;

/// <summary>A call of a tool that a model asked for.</summary>
/// <param name="Id">The id by which the result refers to the call, such as <c>call_3k2j9x0ab</c>.</param>
/// <param name="Name">The tool's name.</param>
/// <param name="Arguments">The arguments, a JSON object.</param>
public sealed record ToolCall(string Id, string Name, string Arguments);

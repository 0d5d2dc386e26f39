namespace ArchGen.Chat.Messages;

/// <summary>A message of a conversation.</summary>
/// <param name="Role">Who says it.</param>
/// <param name="Content">Its text; may be empty if it calls tools.</param>
public sealed record Message(MessageRole Role, string Content)
{
    /// <summary>What the model thought before it answered; null if it did not think, or nothing is known of it.</summary>
    public string? Reasoning { get; init; }

    /// <summary>The tools that the model called, in order.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>Of a tool's result: the id of the call.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>The name of the speaker; of a tool's result, the tool's name. Null if it has none.</summary>
    public string? Name { get; init; }
}

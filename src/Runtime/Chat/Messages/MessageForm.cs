namespace ArchGen.Chat.Messages;

/// <summary>How a template wants its messages, in the points in which templates differ. It is found by trying.</summary>
internal sealed record MessageForm
{
    /// <summary>Whether a call's arguments are an object; otherwise they are JSON text.</summary>
    public bool HasParsedArguments { get; init; } = true;

    /// <summary>Whether a message that only calls tools has <c>content: null</c>; otherwise it is the empty text.</summary>
    public bool HasNullContentBesideCalls { get; init; }

    /// <summary>Whether content is a list of parts; otherwise it is a text.</summary>
    public bool HasContentParts { get; init; }

    /// <summary>The field of what the model thought: <c>reasoning_content</c>, <c>reasoning</c> or <c>thinking</c>.</summary>
    public string ReasoningField { get; init; } = "reasoning_content";

}

namespace ArchGen.Chat.Messages;

/// <summary>Who says a message.</summary>
public enum MessageRole
{
    /// <summary>Instructions to the model.</summary>
    System,

    /// <summary>Instructions of the application; templates that do not know this role are given <see cref="System"/>.</summary>
    Developer,

    /// <summary>The user.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>The result of a tool.</summary>
    Tool,
}

namespace ArchGen.Chat.Messages;

/// <summary>Who says a message.</summary>
public enum MessageRole
{
    /// <summary>Instructions to the model.</summary>
    System,

    /// <summary>Instructions of the application; templates are given <see cref="System"/>, since few know this role.</summary>
    Developer,

    /// <summary>The user.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>The result of a tool.</summary>
    Tool,
}

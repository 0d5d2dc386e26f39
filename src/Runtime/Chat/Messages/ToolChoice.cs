namespace ArchGen.Chat.Messages;

/// <summary>Whether an answer may, must or must not call tools.</summary>
public enum ToolChoiceKind
{
    /// <summary>The model decides.</summary>
    Auto,

    /// <summary>It calls none.</summary>
    None,

    /// <summary>It calls at least one.</summary>
    Required,
}

/// <summary>Which tools an answer calls. It is enforced by a constraint on tokens.</summary>
/// <param name="Kind">Whether it may, must or must not.</param>
/// <param name="Name">The only tool that it may call; null for any.</param>
public sealed record ToolChoice(ToolChoiceKind Kind, string? Name = null)
{
    /// <summary>The model decides.</summary>
    public static ToolChoice Auto { get; } = new(ToolChoiceKind.Auto);

    /// <summary>No calls.</summary>
    public static ToolChoice None { get; } = new(ToolChoiceKind.None);

    /// <summary>At least one call.</summary>
    public static ToolChoice Required { get; } = new(ToolChoiceKind.Required);

    /// <summary>Calls of this tool, at least one.</summary>
    public static ToolChoice Named(string name) => new(ToolChoiceKind.Required, name);
}

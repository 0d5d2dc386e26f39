namespace ArchGen.Chat.Constraints;

/// <summary>Ends the thinking of answers while they are generated. Safe for several threads.</summary>
public sealed class ThinkingControl
{
    private volatile bool _isEnded;

    /// <summary>Whether the thinking is to end.</summary>
    public bool IsEnded => _isEnded;

    /// <summary>Lets the thinking end after the next token. Nothing happens to an answer that does not think.</summary>
    public void End() => _isEnded = true;
}

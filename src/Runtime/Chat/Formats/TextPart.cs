namespace ArchGen.Chat.Formats;

/// <summary>What a part of a call's head stands for.</summary>
internal enum TextPartKind
{
    /// <summary>A fixed text.</summary>
    Literal,

    /// <summary>The tool's name.</summary>
    Name,

    /// <summary>The call's id.</summary>
    Id,

    /// <summary>The call's number in the answer, from 0.</summary>
    Index,

    /// <summary>The argument's name.</summary>
    Key,
}

/// <summary>A part of what a template writes around a call or an argument.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Text">The fixed text, of a <see cref="TextPartKind.Literal"/>.</param>
internal readonly record struct TextPart(TextPartKind Kind, string Text = "")
{
    /// <summary>A fixed text.</summary>
    public static TextPart Literal(string text) => new(TextPartKind.Literal, text);
}

namespace ArchGen.CommandLine.Chat.Markdown;

/// <summary>How a part of a text is shown; several together.</summary>
[Flags]
internal enum TextStyle
{
    /// <summary>As all other text.</summary>
    None = 0,

    /// <summary>Bold.</summary>
    Strong = 1,

    /// <summary>Italic.</summary>
    Emphasis = 2,

    /// <summary>Coloured, as code.</summary>
    Code = 4,

    /// <summary>Dimmed.</summary>
    Dim = 8,

    /// <summary>Crossed out.</summary>
    Struck = 16,
}

/// <summary>The style of what is written to a terminal (ECMA-48, 8.3.117: SGR).</summary>
/// <param name="output">The terminal.</param>
internal sealed class StyledText(TextWriter output)
{
    /// <summary>The style now.</summary>
    public TextStyle Style { get; private set; }

    /// <summary>Changes the style of what follows.</summary>
    public void Set(TextStyle style)
    {
        if (style == Style) return;
        // All styles end first: to end bold alone also ends dim.
        if (Style != TextStyle.None) output.Write("\u001b[0m");
        Style = style;
        if (style.HasFlag(TextStyle.Strong)) output.Write("\u001b[1m");
        if (style.HasFlag(TextStyle.Dim)) output.Write("\u001b[2m");
        if (style.HasFlag(TextStyle.Emphasis)) output.Write("\u001b[3m");
        if (style.HasFlag(TextStyle.Struck)) output.Write("\u001b[9m");
        if (style.HasFlag(TextStyle.Code)) output.Write("\u001b[36m");
    }

    /// <summary>Ends all styles.</summary>
    public void Clear() => Set(TextStyle.None);
}

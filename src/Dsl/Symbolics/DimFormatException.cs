using System;

namespace ArchGen;

/// <summary>A text that is no dimension or shape: what was found and expected, and where.</summary>
public sealed class DimFormatException(string message, int column) : FormatException(message)
{
    /// <summary>The column of the mistake, the text's first character being 1.</summary>
    public int Column { get; } = column;
}

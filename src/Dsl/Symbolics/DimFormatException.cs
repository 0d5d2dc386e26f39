using System;

namespace ArchGen;

/// <summary>A malformed dimension or shape: what was found, what was expected, and the column.</summary>
public sealed class DimFormatException(string message, int column) : FormatException(message)
{
    /// <summary>The column of the mistake, from 1.</summary>
    public int Column { get; } = column;
}

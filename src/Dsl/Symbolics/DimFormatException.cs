using System;

namespace ArchGen;

/// <summary>
/// A text is no dimension or shape (<see cref="DimParser"/>): what was found, what was expected, and the column. The caller corrects the text; one of a file
/// becomes the error of that file.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="column">The column of the mistake, from 1.</param>
public sealed class DimFormatException(string message, int column) : FormatException(message)
{
    /// <summary>The column of the mistake, from 1.</summary>
    public int Column { get; } = column;
}

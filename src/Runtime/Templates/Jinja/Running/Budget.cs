using System.Globalization;

namespace ArchGen.Templates.Jinja.Running;

/// <summary>Counts the work of one rendering and ends it at the limits: templates come with files of strangers.</summary>
/// <param name="options">The limits.</param>
internal sealed class Budget(RenderOptions options)
{
    private long _steps = options.MaxSteps;
    private long _characters = options.MaxCharacters;

    /// <summary>The largest length of one string, UTF-16.</summary>
    public int MaxLength { get; } = options.MaxLength;

    public CancellationToken Cancellation { get; } = options.Cancellation;

    /// <summary>Counts steps: nodes evaluated, elements created or compared.</summary>
    public void Charge(long steps)
    {
        var before = _steps;
        _steps -= steps;
        if (_steps < 0) throw TemplateFault.Limit(Text($"the template takes more than {options.MaxSteps} steps"));
        // Every 16384 steps.
        if (((before ^ _steps) & ~0x3FFF) != 0) Cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Counts characters that are about to be written to a string that will have the given length.</summary>
    public void Write(long characters, long length)
    {
        if (length > MaxLength) throw TemplateFault.Limit(Text($"a text of the template is longer than {MaxLength} characters"));
        _characters -= characters;
        if (_characters < 0) throw TemplateFault.Limit(Text($"the template writes more than {options.MaxCharacters} characters in all"));
        Cancellation.ThrowIfCancellationRequested();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

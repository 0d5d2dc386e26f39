namespace ArchGen.Templates;

/// <summary>
/// A template cannot be parsed or rendered. Its message has the kind, what is wrong, and where: line, column, the line of the template and a caret. The
/// caller gives another template, or for <see cref="TemplateErrorKind.TemplateError"/> a conversation that the template takes.
/// </summary>
public sealed class TemplateException : ArchGenException
{
    internal TemplateException(TemplateErrorKind kind, string reason, string source, int position)
        : this(kind, reason, SourceExcerpt.Of(source, position))
    {
    }

    private TemplateException(TemplateErrorKind kind, string reason, SourceExcerpt place)
        : base($"{kind}: {reason}\n  line {place.Line}, column {place.Column}\n  {place.Text}\n  {place.Caret}") =>
        (Kind, Reason, Line, Column) = (kind, reason, place.Line, place.Column);

    /// <summary>The kind of the error.</summary>
    public TemplateErrorKind Kind { get; }

    /// <summary>What is wrong, without kind and place. For <see cref="TemplateErrorKind.TemplateError"/> it is the template's own message.</summary>
    public string Reason { get; }

    /// <summary>The line in the template; the first is 1.</summary>
    public int Line { get; }

    /// <summary>The column in that line, in characters; the first is 1.</summary>
    public int Column { get; }
}

namespace ArchGen.Templates.Jinja.Running;

/// <summary>An error whose place is not known yet; <see cref="Template"/> adds it.</summary>
/// <param name="kind">The kind.</param>
/// <param name="reason">What is wrong.</param>
internal sealed class TemplateFault(TemplateErrorKind kind, string reason) : Exception(reason)
{
    public TemplateErrorKind Kind { get; } = kind;

    /// <summary>The place in the template, or -1 for that of the operation that ran last.</summary>
    public int Position { get; init; } = -1;

    public static TemplateFault Type(string reason) => new(TemplateErrorKind.TypeError, reason);

    public static TemplateFault Value(string reason) => new(TemplateErrorKind.ValueError, reason);

    public static TemplateFault Argument(string reason) => new(TemplateErrorKind.FilterArgumentError, reason);

    public static TemplateFault Limit(string reason) => new(TemplateErrorKind.LimitError, reason);

    public static TemplateFault Syntax(string reason, int position) => new(TemplateErrorKind.TemplateSyntaxError, reason) { Position = position };
}

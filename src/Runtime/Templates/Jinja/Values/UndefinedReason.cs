using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Values;

/// <summary>Why a value is undefined: the message of the error once it is used.</summary>
/// <param name="kind">The kind of that error.</param>
/// <param name="message">Makes the message.</param>
internal sealed class UndefinedReason(TemplateErrorKind kind, Func<string> message)
{
    public static readonly UndefinedReason Unnamed = new(TemplateErrorKind.UndefinedError, () => "the value is undefined");

    /// <summary>A variable that was not given.</summary>
    public static TemplateValue Variable(string name) =>
        TemplateValue.UndefinedFor(new UndefinedReason(TemplateErrorKind.UndefinedError, () => $"'{name}' is undefined"));

    /// <summary>A value that is undefined for a reason.</summary>
    public static TemplateValue Because(string message) =>
        TemplateValue.UndefinedFor(new UndefinedReason(TemplateErrorKind.UndefinedError, () => message));

    /// <summary>An attribute or element that does not exist.</summary>
    public static TemplateValue Member(TemplateValue owner, TemplateValue name) =>
        TemplateValue.UndefinedFor(new UndefinedReason(TemplateErrorKind.UndefinedError, () => Describe(owner, name)));

    /// <summary>An attribute that the sandbox forbids.</summary>
    public static TemplateValue Unsafe(TemplateValue owner, string name) => TemplateValue.UndefinedFor(
        new UndefinedReason(TemplateErrorKind.SecurityError, () => $"access to attribute '{name}' of '{TypeNames.Of(owner)}' object is unsafe."));

    public TemplateFault ToFault() => new(kind, message());

    private static string Describe(TemplateValue owner, TemplateValue name)
    {
        var type = owner.IsNone ? "None" : TypeNames.OfObject(owner);
        return name.IsString ? $"'{type}' has no attribute {Representation.ForMessage(name)}" : $"{type} has no element {Representation.ForMessage(name)}";
    }
}

namespace ArchGen.Templates;

/// <summary>The origin of a part of a rendered text.</summary>
public enum TextOrigin
{
    /// <summary>
    /// The template wrote it: its own text, its literals, and what was given as <see cref="TemplateValue.Trusted"/>. Control tokens may be read here.
    /// </summary>
    Template,

    /// <summary>It came from a value of the caller, such as a message. A control token that is spelled here is text.</summary>
    Input,
}

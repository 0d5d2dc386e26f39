namespace ArchGen.Templates;

/// <summary>The kind of an error in a template, named as Jinja2 and Python name it.</summary>
public enum TemplateErrorKind
{
    /// <summary>The template cannot be parsed.</summary>
    TemplateSyntaxError,

    /// <summary>The template names a filter or test that does not exist.</summary>
    TemplateAssertionError,

    /// <summary>The template called <c>raise_exception</c>: it does not support the conversation. The message is the template's own.</summary>
    TemplateError,

    /// <summary>The template did something that Jinja2 refuses.</summary>
    TemplateRuntimeError,

    /// <summary>An undefined value was used for more than printing or testing it.</summary>
    UndefinedError,

    /// <summary>The template asked for another template; there is no loader.</summary>
    TemplateNotFound,

    /// <summary>An attribute that the sandbox forbids, such as <c>append</c> of a list.</summary>
    SecurityError,

    /// <summary>A filter was given an argument that it cannot use.</summary>
    FilterArgumentError,

    /// <summary>An operation on values of the wrong types.</summary>
    TypeError,

    /// <summary>A value of the right type that is not possible.</summary>
    ValueError,

    /// <summary>A key or index that does not exist, in a method that requires it.</summary>
    LookupError,

    /// <summary>A division by zero.</summary>
    ZeroDivisionError,

    /// <summary>A number is too large.</summary>
    OverflowError,

    /// <summary>Macros, loops or values are nested too deeply.</summary>
    RecursionError,

    /// <summary>The template exceeds a limit of <see cref="RenderOptions"/>.</summary>
    LimitError,
}

using System.Runtime.CompilerServices;

namespace ArchGen.Templates.Jinja.Running;

/// <summary>Guards recursive code against templates and values that are nested without end.</summary>
internal static class Recursion
{
    /// <summary>Throws while there is still stack for the message.</summary>
    /// <exception cref="TemplateFault">Little stack is left.</exception>
    public static void Guard()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateFault(TemplateErrorKind.RecursionError, "the template or a value is nested too deeply");
    }
}

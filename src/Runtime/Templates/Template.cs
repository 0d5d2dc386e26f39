using ArchGen.Templates.Jinja.Lexing;
using ArchGen.Templates.Jinja.Nodes;
using ArchGen.Templates.Jinja.Parsing;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates;

/// <summary>
/// A chat template in Jinja2, with the settings of Hugging Face's transformers: trim_blocks, lstrip_blocks, loop controls, generation blocks, the immutable
/// sandbox, tojson as json.dumps, raise_exception and strftime_now. An instance does not change; many threads may render at the same time.
/// </summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class Template
{
    private readonly Body _body;
    private readonly Scope _scope;

    private Template(string source, Body body, Scope scope)
    {
        (Source, _body, _scope) = (source, body, scope);
    }

    /// <summary>The template's text, whose lines end with \n and whose last newline is missing.</summary>
    public string Source { get; }

    /// <summary>Parses a template.</summary>
    /// <param name="text">The template.</param>
    /// <exception cref="TemplateException">It is not a template, or names a filter or test that does not exist where no condition decides.</exception>
    public static Template Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var source = Lexer.Normalize(text);
        try
        {
            var (body, scope) = (TemplateParser.Parse(source), new Scope(null));
            body.DeclareAndBind(scope);
            return new Template(source, body, scope);
        }
        catch (TemplateFault fault)
        {
            throw new TemplateException(fault.Kind, fault.Message, source, fault.Position);
        }
    }

    /// <summary>Renders the template.</summary>
    /// <param name="variables">The variables.</param>
    /// <param name="options">The limits and the clock; null for those by default.</param>
    /// <exception cref="TemplateException">The template raised an error, or exceeds a limit.</exception>
    /// <exception cref="OperationCanceledException">The rendering was cancelled.</exception>
    public RenderedText Render(TemplateVariables variables, RenderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(variables);
        return Render(new Renderer(variables, options ?? RenderOptions.Default));
    }

    internal RenderedText Render(Renderer renderer)
    {
        try
        {
            return renderer.Render(() => _body.Execute(renderer, _scope.Enter(renderer, null)));
        }
        catch (TemplateFault fault)
        {
            throw new TemplateException(fault.Kind, fault.Message, Source, fault.Position >= 0 ? fault.Position : renderer.Position);
        }
    }
}

using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Filters;

/// <summary>A filter.</summary>
/// <param name="apply">Its value for an input and the arguments after it.</param>
internal sealed class Filter(Func<Renderer, TemplateValue, Arguments, TemplateValue> apply)
{
    public TemplateValue Apply(Renderer renderer, TemplateValue input, Arguments arguments) => apply(renderer, input, arguments);

    /// <summary>A filter with named parameters.</summary>
    /// <param name="signature">The parameters after the input.</param>
    /// <param name="apply">Its value for an input and one value per parameter.</param>
    public static KeyValuePair<string, Filter> Create(Signature signature, Func<Renderer, TemplateValue, TemplateValue[], TemplateValue> apply) =>
        KeyValuePair.Create(signature.Name, new Filter((renderer, input, arguments) => apply(renderer, input, signature.Assign(arguments))));

    /// <summary>A filter that takes any arguments.</summary>
    public static KeyValuePair<string, Filter> Variadic(string name, Func<Renderer, TemplateValue, Arguments, TemplateValue> apply) =>
        KeyValuePair.Create(name, new Filter(apply));
}

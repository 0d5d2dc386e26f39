using System.Globalization;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Values;

/// <summary>The parameters of a function, and how arguments are assigned to them.</summary>
/// <param name="Name">The function, for messages.</param>
/// <param name="Required">The number of parameters without a default.</param>
/// <param name="Parameters">The names in order. One that begins with * can only be given by position.</param>
internal sealed record Signature(string Name, int Required, params string[] Parameters)
{
    /// <summary>One value per parameter; a missing value where none was given.</summary>
    /// <exception cref="TemplateFault">There are too many, unknown, repeated or missing arguments.</exception>
    public TemplateValue[] Assign(Arguments arguments)
    {
        var values = new TemplateValue[Parameters.Length];
        if (arguments.Positional.Length > values.Length)
        {
            throw TemplateFault.Type(string.Create(
                CultureInfo.InvariantCulture,
                $"{Name} takes at most {values.Length} argument(s), {arguments.Positional.Length} were given"));
        }

        arguments.Positional.CopyTo(values, 0);
        foreach (var (name, value) in arguments.Named)
        {
            var index = Array.IndexOf(Parameters, name);
            if (index < 0) throw TemplateFault.Type($"{Name} has no parameter '{name}'");
            if (!values[index].IsMissing) throw TemplateFault.Type($"{Name} got two values for '{name}'");
            values[index] = value;
        }

        for (var i = 0; i < Required; i++)
        {
            if (values[i].IsMissing) throw TemplateFault.Type($"{Name} needs '{Parameters[i].TrimStart('*')}'");
        }

        return values;
    }
}

using System.Globalization;
using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Filters;

/// <summary>An attribute as filters take it: "a.b.0", an index, or none for the value itself.</summary>
/// <param name="parts">The keys, one after the other.</param>
/// <param name="ignoresCase">Whether strings are compared in lower case.</param>
/// <param name="otherwise">What stands for an undefined value; missing for nothing.</param>
internal sealed class AttributePath(TemplateValue[] parts, bool ignoresCase = false, TemplateValue otherwise = default)
{
    public static AttributePath Parse(TemplateValue attribute, bool ignoresCase = false, TemplateValue otherwise = default) =>
        new(Parts(attribute), ignoresCase, otherwise.IsNone ? default : otherwise);

    /// <summary>Several attributes with commas between them, as sort takes them.</summary>
    public static AttributePath[] ParseMany(TemplateValue attribute, bool ignoresCase) => attribute.IsString
        ? Array.ConvertAll(attribute.String.Value.Split(','), name => Parse(TemplateValue.Trusted(name), ignoresCase))
        : [Parse(attribute, ignoresCase)];

    public TemplateValue Read(Renderer renderer, TemplateValue value)
    {
        foreach (var part in parts)
        {
            value = Members.Item(renderer, value, part);
            if (value.IsUndefined && !otherwise.IsMissing) value = otherwise;
        }

        return ignoresCase && value.IsString ? TemplateValue.Of(CaseMapping.Lower(value.String)) : value;
    }

    private static TemplateValue[] Parts(TemplateValue attribute)
    {
        if (FilterArguments.IsAbsent(attribute)) return [];
        return attribute.IsString ? Array.ConvertAll(attribute.String.Value.Split('.'), Part) : [attribute];
    }

    private static TemplateValue Part(string part) => part.Length > 0 && part.All(char.IsAsciiDigit)
        && long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : TemplateValue.Trusted(part);
}

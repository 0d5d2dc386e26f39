using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Running;

/// <summary>What a value is as a condition, its length, whether it contains another.</summary>
internal static class Truth
{
    public static bool Of(TemplateValue value) => value.Kind switch
    {
        ValueKind.Boolean or ValueKind.Integer => value.Integer != 0,
        ValueKind.BigInteger => true,
        ValueKind.Float => value.Float != 0,
        ValueKind.String => value.String.Length > 0,
        ValueKind.Object => ((JinjaObject)value.Object!).IsTrue,
        _ => false,
    };

    /// <summary>Python's len().</summary>
    /// <exception cref="TemplateFault">The value has no length.</exception>
    public static long Length(TemplateValue value)
    {
        if (value.IsUndefined) return 0;
        var count = value.IsString ? value.String.CodePoints : value.Object is JinjaObject container ? container.Count : -1;
        return count >= 0 ? count : throw TemplateFault.Type($"object of type '{TypeNames.Of(value)}' has no len()");
    }

    /// <summary>Python's item in container.</summary>
    public static bool Contains(Renderer renderer, TemplateValue container, TemplateValue item)
    {
        if (container.IsString)
        {
            if (!item.IsString) throw TemplateFault.Type($"'in <string>' requires string as left operand, not {TypeNames.Of(item)}");
            renderer.Budget.Charge(1 + (container.String.Length / 64));
            return container.String.Value.Contains(item.String.Value, StringComparison.Ordinal);
        }

        if (container.Object is Mapping dict) return !dict.Find(item, renderer.Budget).IsMissing;
        if (container.Object is RangeObject range && item.IsInteger) return range.Contains(item.BigInteger);
        foreach (var other in renderer.Iterate(container, "argument of type '{0}' is not iterable"))
        {
            if (Equality.AreEqual(other, item, renderer.Budget)) return true;
        }

        return false;
    }
}

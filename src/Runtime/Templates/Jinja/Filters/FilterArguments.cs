using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Filters;

/// <summary>Reads arguments of filters and methods.</summary>
internal static class FilterArguments
{
    /// <summary>An argument as a truth value.</summary>
    public static bool Flag(TemplateValue value, bool otherwise = false) => value.IsMissing ? otherwise : Truth.Of(value);

    /// <summary>An argument as an integer, within the range of int.</summary>
    /// <exception cref="TemplateFault">It is no integer.</exception>
    public static int Integer(TemplateValue value, int otherwise = 0)
    {
        if (value.IsMissing) return otherwise;
        if (value.IsUndefined) throw value.UndefinedReason.ToFault();
        if (!value.IsInteger) throw TemplateFault.Type($"'{TypeNames.Of(value)}' object cannot be interpreted as an integer");
        return (int)System.Numerics.BigInteger.Max(int.MinValue, System.Numerics.BigInteger.Min(int.MaxValue, value.BigInteger));
    }

    /// <summary>An argument that must be a string.</summary>
    /// <exception cref="TemplateFault">It is none.</exception>
    public static JinjaString String(TemplateValue value, string parameter) => value.IsString ? value.String
        : throw TemplateFault.Type($"{parameter} must be str, not {TypeNames.Of(value)}");

    /// <summary>Whether an argument was not given or is None.</summary>
    public static bool IsAbsent(TemplateValue value) => value.IsMissing || value.IsNone;
}

using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Formatting;

/// <summary>The names of types in Python's messages.</summary>
internal static class TypeNames
{
    /// <summary>The name of a value's type.</summary>
    public static string Of(TemplateValue value) => value.Kind switch
    {
        ValueKind.None => "NoneType",
        ValueKind.Boolean => "bool",
        ValueKind.Integer or ValueKind.BigInteger => "int",
        ValueKind.Float => "float",
        ValueKind.String => value.String.IsMarkup ? "Markup" : "str",
        ValueKind.Object => ((JinjaObject)value.Object!).TypeName,
        _ => "Undefined",
    };

    /// <summary>The name with which Jinja2 calls an object in messages, such as "str object".</summary>
    public static string OfObject(TemplateValue value) => value.Object switch
    {
        NamespaceObject => "jinja2.utils.Namespace object",
        LoopObject => "jinja2.runtime.LoopContext object",
        Macro => "jinja2.runtime.Macro object",
        _ => Of(value) + " object",
    };
}

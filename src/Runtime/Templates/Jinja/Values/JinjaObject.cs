using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Values;

/// <summary>A value that is neither None nor a boolean, number or string.</summary>
internal abstract class JinjaObject
{
    /// <summary>The name of its type in Python, for messages.</summary>
    public abstract string TypeName { get; }

    /// <summary>Whether it counts as true.</summary>
    public virtual bool IsTrue => true;

    /// <summary>The number of elements; -1 if it has none.</summary>
    public virtual long Count => -1;

    /// <summary>Its elements; null if it cannot be iterated.</summary>
    public virtual IEnumerable<TemplateValue>? Iterate(Renderer renderer) => null;

    /// <summary>Its elements from the last to the first; null if that is not possible.</summary>
    public virtual IEnumerable<TemplateValue>? Reverse(Renderer renderer) => null;

    /// <summary>An attribute; a missing value if it has none of that name.</summary>
    public virtual TemplateValue Attribute(Renderer renderer, string name) => default;

    /// <summary>An element; a missing value if there is none.</summary>
    public virtual TemplateValue Item(Renderer renderer, TemplateValue key) => default;

    /// <summary>Writes its repr.</summary>
    public virtual void WriteRepresentation(Formatting.Representation output) => output.Write($"<{TypeName} object>");
}

/// <summary>An object that can be called.</summary>
internal abstract class Callable : JinjaObject
{
    public abstract TemplateValue Call(Renderer renderer, Arguments arguments);
}

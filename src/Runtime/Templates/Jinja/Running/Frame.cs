using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Running;

/// <summary>The variables of a scope while it runs.</summary>
/// <param name="size">The number of variables.</param>
/// <param name="parent">The frame of the scope around it, or null.</param>
internal sealed class Frame(int size, Frame? parent)
{
    public TemplateValue[] Slots { get; } = new TemplateValue[size];

    public Frame? Parent { get; } = parent;

    public Frame Up(int hops)
    {
        var frame = this;
        for (; hops > 0; hops--) frame = frame.Parent!;
        return frame;
    }
}

using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Methods;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Values;

/// <summary>A list or a tuple. The sandbox lets hardly any template change a list, so both are arrays; a list that is changed gets another.</summary>
/// <param name="items">The elements.</param>
/// <param name="isTuple">Whether it is a tuple.</param>
internal sealed class Sequence(TemplateValue[] items, bool isTuple = false) : JinjaObject
{
    public TemplateValue[] Items { get; private set; } = items;

    public bool IsTuple { get; } = isTuple;

    /// <summary>Whether the template wrote the list, so that it may change it where that is allowed.</summary>
    public bool IsWritten { get; init; }

    /// <summary>The names of the elements of a named tuple, or null.</summary>
    public string[]? Names { get; init; }

    public override string TypeName => IsTuple ? "tuple" : "list";

    public override bool IsTrue => Items.Length > 0;

    public override long Count => Items.Length;

    public static TemplateValue Tuple(params TemplateValue[] items) => TemplateValue.Of(new Sequence(items, isTuple: true));

    public override IEnumerable<TemplateValue> Iterate(Renderer renderer)
    {
        // As in Python, of a list that changes meanwhile what it has then.
        for (var i = 0; i < Items.Length; i++) yield return Items[i];
    }

    public override IEnumerable<TemplateValue> Reverse(Renderer renderer) => Items.AsEnumerable().Reverse();

    public override TemplateValue Attribute(Renderer renderer, string name)
    {
        var index = Names is null ? -1 : Array.IndexOf(Names, name);
        return index >= 0 ? Items[index] : SequenceMethods.Find(this, name, IsWritten && renderer.Options.AllowsListChanges);
    }

    /// <summary>Replaces the elements.</summary>
    public void Change(Renderer renderer, TemplateValue[] items)
    {
        renderer.Budget.Charge(items.Length);
        Items = items;
    }

    public override TemplateValue Item(Renderer renderer, TemplateValue key) =>
        Indexing.TryIndex(key, Items.Length, out var index) ? Items[index] : default;

    public override void WriteRepresentation(Representation output)
    {
        output.Write(IsTuple ? "(" : "[");
        for (var i = 0; i < Items.Length; i++)
        {
            if (i > 0) output.Write(", ");
            output.Write(Items[i]);
        }

        output.Write(IsTuple ? Items.Length == 1 ? ",)" : ")" : "]");
    }
}

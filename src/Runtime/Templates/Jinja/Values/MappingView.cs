using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Values;

/// <summary>What keys(), values() and items() of a dict give.</summary>
/// <param name="dict">The dict.</param>
/// <param name="name">keys, values or items.</param>
internal sealed class MappingView(Mapping dict, string name) : JinjaObject
{
    public override string TypeName => "dict_" + name;

    public override bool IsTrue => dict.IsTrue;

    public override long Count => dict.Count;

    public override IEnumerable<TemplateValue> Iterate(Renderer renderer) => Items;

    public override IEnumerable<TemplateValue> Reverse(Renderer renderer) => Items.Reverse();

    private IEnumerable<TemplateValue> Items => name switch
    {
        "keys" => dict.Keys,
        "values" => dict.Values,
        _ => dict.Entries.Select(entry => Sequence.Tuple(entry.Key, entry.Value)),
    };

    public override void WriteRepresentation(Representation output)
    {
        output.Write(TypeName + "(");
        output.Write(TemplateValue.Of(new Sequence([.. Items])));
        output.Write(")");
    }
}

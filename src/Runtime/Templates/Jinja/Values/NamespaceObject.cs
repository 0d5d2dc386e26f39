using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Values;

/// <summary>Jinja2's namespace(): attributes that a template may set from inner scopes.</summary>
internal sealed class NamespaceObject : JinjaObject
{
    private readonly List<KeyValuePair<string, TemplateValue>> _attributes = [];

    public override string TypeName => "Namespace";

    public void Set(string name, TemplateValue value)
    {
        var at = _attributes.FindIndex(a => a.Key == name);
        if (at < 0) _attributes.Add(KeyValuePair.Create(name, value));
        else _attributes[at] = KeyValuePair.Create(name, value);
    }

    public override TemplateValue Attribute(Renderer renderer, string name) => Find(name);

    public override TemplateValue Item(Renderer renderer, TemplateValue key) => key.IsString ? Find(key.String.Value) : default;

    public override void WriteRepresentation(Representation output)
    {
        output.Write("<Namespace {");
        for (var i = 0; i < _attributes.Count; i++)
        {
            output.Write(i > 0 ? ", " : "");
            output.Write(TemplateValue.Trusted(_attributes[i].Key));
            output.Write(": ");
            output.Write(_attributes[i].Value);
        }

        output.Write("}>");
    }

    private TemplateValue Find(string name)
    {
        foreach (var (key, value) in _attributes)
        {
            if (key == name) return value;
        }

        return default;
    }
}

using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Methods;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Values;

/// <summary>A dict: keys in the order of insertion. The sandbox lets no template change one.</summary>
internal sealed class Mapping : JinjaObject
{
    private const int Searched = 8; // so few keys are compared one by one

    private readonly List<(string Key, TemplateValue Name, TemplateValue Value)> _entries = [];
    private Dictionary<string, int>? _index;

    public override string TypeName => "dict";

    public override bool IsTrue => _entries.Count > 0;

    public override long Count => _entries.Count;

    public IEnumerable<TemplateValue> Keys => _entries.Select(e => e.Name);

    public IEnumerable<TemplateValue> Values => _entries.Select(e => e.Value);

    public IEnumerable<KeyValuePair<TemplateValue, TemplateValue>> Entries => _entries.Select(e => KeyValuePair.Create(e.Name, e.Value));

    /// <summary>Sets a key; by default it is the caller's.</summary>
    public void Set(string key, TemplateValue value, TextOrigin origin = TextOrigin.Input) =>
        Set(ValueKey.Of(key), TemplateValue.Of(new JinjaString(key, origin)), value);

    /// <summary>Sets a key that the template gave.</summary>
    /// <exception cref="TemplateFault">The key is a list or dict.</exception>
    public void Set(TemplateValue key, TemplateValue value, Budget budget) => Set(ValueKey.Of(key, budget), key, value);

    /// <summary>The value of a key, or a missing value.</summary>
    public TemplateValue Find(string key) => Get(ValueKey.Of(key));

    /// <summary>The value of a key, or a missing value.</summary>
    public TemplateValue Find(TemplateValue key, Budget budget) => key.IsString ? Find(key.String.Value) : Get(ValueKey.Of(key, budget));

    public override IEnumerable<TemplateValue> Iterate(Renderer renderer) => Keys;

    public override IEnumerable<TemplateValue> Reverse(Renderer renderer) => Keys.Reverse();

    public override TemplateValue Attribute(Renderer renderer, string name) => MappingMethods.Find(this, name);

    public override TemplateValue Item(Renderer renderer, TemplateValue key) => Find(key, renderer.Budget);

    public override void WriteRepresentation(Representation output)
    {
        output.Write("{");
        for (var i = 0; i < _entries.Count; i++)
        {
            if (i > 0) output.Write(", ");
            output.Write(_entries[i].Name);
            output.Write(": ");
            output.Write(_entries[i].Value);
        }

        output.Write("}");
    }

    private void Set(string key, TemplateValue name, TemplateValue value)
    {
        var at = IndexOf(key);
        if (at >= 0)
        {
            _entries[at] = (key, _entries[at].Name, value);
            return;
        }

        _index?.Add(key, _entries.Count);
        _entries.Add((key, name, value));
    }

    private TemplateValue Get(string key)
    {
        var at = IndexOf(key);
        return at < 0 ? default : _entries[at].Value;
    }

    private int IndexOf(string key)
    {
        if (_index is null && _entries.Count > Searched)
        {
            _index = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < _entries.Count; i++) _index.Add(_entries[i].Key, i);
        }

        if (_index is not null) return _index.TryGetValue(key, out var at) ? at : -1;
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].Key == key) return i;
        }

        return -1;
    }
}

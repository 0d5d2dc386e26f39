using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Values;

/// <summary>A Python generator or iterator: elements are computed when they are asked for, once.</summary>
/// <param name="items">The elements.</param>
/// <param name="typeName">The type's name in Python.</param>
internal sealed class Generator(IEnumerable<TemplateValue> items, string typeName = "generator") : JinjaObject, IDisposable
{
    private readonly IEnumerator<TemplateValue> _items = items.GetEnumerator();
    private bool _isRunning;

    public override string TypeName => typeName;

    public override IEnumerable<TemplateValue> Iterate(Renderer renderer)
    {
        while (Next(out var item)) yield return item;
    }

    public void Dispose() => _items.Dispose();

    private bool Next(out TemplateValue item)
    {
        Recursion.Guard(); // a generator of a generator of a generator
        if (_isRunning) throw TemplateFault.Value("generator already executing");
        _isRunning = true;
        try
        {
            var isNext = _items.MoveNext();
            item = isNext ? _items.Current : default;
            return isNext;
        }
        finally
        {
            _isRunning = false;
        }
    }
}

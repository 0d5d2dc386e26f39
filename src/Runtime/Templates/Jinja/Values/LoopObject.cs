using System.Globalization;
using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Values;

/// <summary>The variable loop of a for statement. It looks ahead, or counts all elements, only when it is asked to.</summary>
/// <param name="items">The elements.</param>
/// <param name="length">Their number; -1 if it is not known.</param>
/// <param name="depth">The level of a recursive loop, from 0.</param>
/// <param name="recurse">Runs the loop for other elements; null if it is not recursive.</param>
internal sealed class LoopObject(IEnumerable<TemplateValue> items, long length, int depth, Func<TemplateValue, TemplateValue>? recurse) : Callable, IDisposable
{
    private IEnumerator<TemplateValue> _items = items.GetEnumerator();
    private TemplateValue _previous, _current, _next; // missing where there is none
    private TemplateValue[]? _changed;
    private long _index = -1;

    public override string TypeName => "LoopContext";

    public override long Count => Length;

    private long Length
    {
        get
        {
            if (length >= 0) return length;
            var rest = new List<TemplateValue>();
            while (_items.MoveNext()) rest.Add(_items.Current);
            _items.Dispose();
            _items = rest.GetEnumerator();
            return length = rest.Count + _index + 1 + (_next.IsMissing ? 0 : 1);
        }
    }

    public bool MoveNext(out TemplateValue item)
    {
        item = Peek();
        if (item.IsMissing) return false;
        (_previous, _current, _next) = (_current, item, default);
        _index++;
        return true;
    }

    public override TemplateValue Attribute(Renderer renderer, string name) => name switch
    {
        "index" => _index + 1,
        "index0" => _index,
        "first" => _index == 0,
        "last" => Peek().IsMissing,
        "length" => Length,
        "revindex" => Length - _index,
        "revindex0" => Length - _index - 1,
        "previtem" => _index == 0 ? UndefinedReason.Because("there is no previous item") : _previous,
        "nextitem" => Peek() is { IsMissing: false } next ? next : UndefinedReason.Because("there is no next item"),
        "depth" => depth + 1L,
        "depth0" => (long)depth,
        "cycle" => TemplateValue.Of(new GlobalFunction("loop.cycle", (_, arguments) => Cycle(arguments), "method")),
        "changed" => TemplateValue.Of(new GlobalFunction("loop.changed", (r, arguments) => HasChanged(r, arguments), "method")),
        _ => default,
    };

    public override TemplateValue Call(Renderer renderer, Arguments arguments)
    {
        var given = new Signature("loop()", 1, "iterable").Assign(arguments)[0];
        return recurse?.Invoke(given) ?? throw TemplateFault.Type("The loop must have the 'recursive' marker to be called recursively.");
    }

    public override void WriteRepresentation(Representation output) =>
        output.Write(string.Create(CultureInfo.InvariantCulture, $"<LoopContext {_index + 1}/{Length}>"));

    public void Dispose() => _items.Dispose();

    private TemplateValue Peek()
    {
        if (_next.IsMissing && _items.MoveNext()) _next = _items.Current;
        return _next;
    }

    private TemplateValue Cycle(Arguments arguments) => arguments.Positional.Length == 0 ? throw TemplateFault.Type("no items for cycling given")
        : arguments.Positional[_index % arguments.Positional.Length];

    private bool HasChanged(Renderer renderer, Arguments arguments)
    {
        var isSame = _changed is not null && Equality.AreEqual(Sequence.Tuple(_changed), Sequence.Tuple(arguments.Positional), renderer.Budget);
        _changed = arguments.Positional;
        return !isSame;
    }
}

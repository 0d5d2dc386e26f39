using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Values;

/// <summary>A function or type that every template has, such as range.</summary>
/// <param name="name">Its name.</param>
/// <param name="call">What it does.</param>
/// <param name="typeName">Its type in Python.</param>
internal sealed class GlobalFunction(string name, Func<Renderer, Arguments, TemplateValue> call, string typeName = "type") : Callable
{
    public override string TypeName => typeName;

    public override TemplateValue Call(Renderer renderer, Arguments arguments) => call(renderer, arguments);

    public override void WriteRepresentation(Representation output) => output.Write($"<function {name}>");
}

/// <summary>A method of a value, such as split of a string.</summary>
/// <param name="signature">Its parameters.</param>
/// <param name="call">What it does with one value per parameter.</param>
internal sealed class BoundMethod(Signature signature, Func<Renderer, TemplateValue[], TemplateValue> call) : Callable
{
    public override string TypeName => "builtin_function_or_method";

    public override TemplateValue Call(Renderer renderer, Arguments arguments) => call(renderer, signature.Assign(arguments));

    public override void WriteRepresentation(Representation output) => output.Write($"<built-in method {signature.Name}>");
}

/// <summary>Jinja2's cycler: gives its values in turn.</summary>
/// <param name="items">The values, at least one.</param>
internal sealed class Cycler(TemplateValue[] items) : JinjaObject
{
    private int _position;

    public override string TypeName => "Cycler";

    public override TemplateValue Attribute(Renderer renderer, string name) => name switch
    {
        "current" => items[_position],
        "next" => TemplateValue.Of(new BoundMethod(new Signature("next()", 0), (_, _) =>
        {
            var item = items[_position];
            _position = (_position + 1) % items.Length;
            return item;
        })),
        "reset" => TemplateValue.Of(new BoundMethod(new Signature("reset()", 0), (_, _) =>
        {
            _position = 0;
            return TemplateValue.None;
        })),
        "pos" => _position,
        "items" => Sequence.Tuple(items),
        _ => default,
    };
}

/// <summary>Jinja2's joiner: nothing on the first call, then its separator.</summary>
/// <param name="separator">The separator.</param>
internal sealed class Joiner(TemplateValue separator) : Callable
{
    private bool _isUsed;

    public override string TypeName => "Joiner";

    public override TemplateValue Call(Renderer renderer, Arguments arguments)
    {
        new Signature("joiner", 0).Assign(arguments);
        if (_isUsed) return separator;
        _isUsed = true;
        return TemplateValue.Of(JinjaString.Empty);
    }

    public override TemplateValue Attribute(Renderer renderer, string name) => name switch
    {
        "sep" => separator,
        "used" => _isUsed,
        _ => default,
    };
}

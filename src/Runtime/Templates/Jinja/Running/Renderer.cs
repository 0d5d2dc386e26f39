using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Functions;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Running;

/// <summary>The state of one rendering: variables, output, limits, and the place in the template that runs.</summary>
/// <param name="variables">The caller's variables.</param>
/// <param name="options">The limits and the clock.</param>
internal sealed class Renderer(TemplateVariables variables, RenderOptions options)
{
    private readonly Dictionary<string, TemplateValue> _exported = new(StringComparer.Ordinal);
    private int _depth;

    public RenderOptions Options { get; } = options;

    public Budget Budget { get; } = new(options);

    /// <summary>Takes what is written; a block that captures its text exchanges it.</summary>
    public JinjaStringBuilder Output { get; private set; } = null!;

    /// <summary>The position in the template of the operation that ran last, for messages.</summary>
    public int Position { get; set; }

    public bool Autoescape { get; set; }

    /// <summary>Is told the variables that are read, if anybody wants to know.</summary>
    public Action<string>? Observer { get; init; }

    public RenderedText Render(Action body)
    {
        var output = new JinjaStringBuilder(Budget);
        Output = output;
        body();
        return output.ToRenderedText();
    }

    /// <summary>A variable that no scope of the template has: the caller's or a global function; missing if there is none.</summary>
    public TemplateValue Resolve(string name)
    {
        if (_exported.TryGetValue(name, out var value) || variables.TryGet(name, out value)) return value;
        return GlobalFunctions.Find(name);
    }

    /// <summary>Makes a variable of the outermost scope visible in blocks, which see no scope.</summary>
    public void Export(string name, TemplateValue value) => _exported[name] = value;

    /// <summary>Runs code that writes, and returns what it wrote.</summary>
    public JinjaString Capture(Action body)
    {
        var (outer, inner) = (Output, new JinjaStringBuilder(Budget));
        Output = inner;
        try
        {
            body();
        }
        finally
        {
            Output = outer;
        }

        return inner.ToJinjaString();
    }

    /// <summary>Begins a macro call or a level of a recursive loop.</summary>
    /// <exception cref="TemplateFault">Too many are inside each other.</exception>
    public void Enter()
    {
        Recursion.Guard();
        if (++_depth > Options.MaxDepth)
            throw new TemplateFault(TemplateErrorKind.RecursionError, $"more than {Options.MaxDepth} macro calls or recursive loops are inside each other");
    }

    public void Leave() => _depth--;

    /// <summary>The elements of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="message">The error if it has none; {0} is its type.</param>
    public IEnumerable<TemplateValue> Iterate(TemplateValue value, string message = "'{0}' object is not iterable")
    {
        var items = value.Kind switch
        {
            ValueKind.Undefined or ValueKind.Missing => [],
            ValueKind.String => Characters(value.String),
            ValueKind.Object => ((JinjaObject)value.Object!).Iterate(this),
            _ => null,
        };
        return items is null ? throw TemplateFault.Type(message.Replace("{0}", TypeNames.Of(value), StringComparison.Ordinal)) : Counted(items);
    }

    /// <summary>All elements of a value.</summary>
    public List<TemplateValue> ToList(TemplateValue value) => [.. Iterate(value)];

    /// <summary>The str of a value.</summary>
    public JinjaString Text(TemplateValue value) => value.IsString ? value.String : Representation.Text(value, Budget);

    /// <summary>Calls a value.</summary>
    public TemplateValue Call(TemplateValue function, Arguments arguments)
    {
        if (function.IsUndefined) throw function.UndefinedReason.ToFault();
        if (function.Object is not Callable callable) throw TemplateFault.Type($"'{TypeNames.Of(function)}' object is not callable");
        return callable.Call(this, arguments);
    }

    private static IEnumerable<TemplateValue> Characters(JinjaString text)
    {
        for (var i = 0; i < text.Length;)
        {
            var character = Members.CharacterAt(text, i);
            yield return TemplateValue.Of(character.AsMarkup(false));
            i += character.Length;
        }
    }

    private IEnumerable<TemplateValue> Counted(IEnumerable<TemplateValue> items)
    {
        foreach (var item in items)
        {
            Budget.Charge(1);
            yield return item;
        }
    }
}

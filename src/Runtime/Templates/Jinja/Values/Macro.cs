using System.Globalization;
using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Nodes;
using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Values;

/// <summary>A macro as a value.</summary>
/// <param name="definition">What it is.</param>
/// <param name="closure">The variables around it.</param>
internal sealed class Macro(MacroDefinition definition, Frame closure) : Callable
{
    public override string TypeName => "Macro";

    private string Name => definition.Name is null ? "None" : $"'{definition.Name}'";

    public override TemplateValue Call(Renderer renderer, Arguments arguments)
    {
        renderer.Enter();
        var frame = definition.Scope.Enter(renderer, closure);
        Assign(renderer, frame, arguments);
        var text = renderer.Capture(() => definition.Body.Execute(renderer, frame));
        renderer.Leave();
        return TemplateValue.Of(text.AsMarkup(renderer.Autoescape));
    }

    public override TemplateValue Attribute(Renderer renderer, string name) => name switch
    {
        "name" => definition.Name is null ? TemplateValue.None : TemplateValue.Trusted(definition.Name),
        "arguments" => TemplateValue.List(definition.Parameters.Select(TemplateValue.Trusted)),
        "catch_kwargs" => definition.NamedArguments >= 0,
        "catch_varargs" => definition.MoreArguments >= 0,
        "caller" => definition.Uses.HasFlag(MacroUses.Caller),
        _ => default,
    };

    public override void WriteRepresentation(Representation output) => output.Write(definition.Name is null ? "<Macro anonymous>" : $"<Macro {Name}>");

    private void Assign(Renderer renderer, Frame frame, Arguments arguments)
    {
        var named = arguments.Named.ToList();
        var count = definition.Parameters.Length;
        var given = Math.Min(arguments.Positional.Length, count);
        for (var i = 0; i < count; i++)
            frame.Slots[definition.Places[i]] = i < given ? arguments.Positional[i] : Take(named, definition.Parameters[i]);
        if (definition.Caller >= 0)
        {
            var caller = Take(named, "caller");
            frame.Slots[definition.Caller] = caller.IsMissing || caller.IsNone ? UndefinedReason.Because("No caller defined") : caller;
        }

        if (definition.NamedArguments >= 0) frame.Slots[definition.NamedArguments] = Dict(named);
        else if (named.Count > 0) throw Unexpected(named);
        if (definition.MoreArguments >= 0)
        {
            frame.Slots[definition.MoreArguments] = Sequence.Tuple(arguments.Positional[given..]);
        }
        else if (arguments.Positional.Length > count)
        {
            throw TemplateFault.Type(string.Create(CultureInfo.InvariantCulture, $"macro {Name} takes not more than {count} argument(s)"));
        }

        for (var i = given; i < count; i++) AssignDefault(renderer, frame, i);
    }

    private void AssignDefault(Renderer renderer, Frame frame, int parameter)
    {
        ref var slot = ref frame.Slots[definition.Places[parameter]];
        if (!slot.IsMissing) return;
        var index = parameter - definition.Parameters.Length + definition.Defaults.Length;
        slot = index >= 0 ? definition.Defaults[index].Evaluate(renderer, frame)
            : UndefinedReason.Because($"parameter '{definition.Parameters[parameter]}' was not provided");
    }

    private TemplateFault Unexpected(List<KeyValuePair<string, TemplateValue>> named) => TemplateFault.Type(named.Exists(n => n.Key == "caller")
        ? $"macro {Name} was invoked with two values for the special caller argument. This is most likely a bug."
        : $"macro {Name} takes no keyword argument '{named[0].Key}'");

    private static TemplateValue Take(List<KeyValuePair<string, TemplateValue>> named, string name)
    {
        var at = named.FindIndex(n => n.Key == name);
        if (at < 0) return default;
        var value = named[at].Value;
        named.RemoveAt(at);
        return value;
    }

    private static TemplateValue Dict(List<KeyValuePair<string, TemplateValue>> named)
    {
        var dict = new Mapping();
        foreach (var (key, value) in named) dict.Set(key, value, TextOrigin.Template);
        return TemplateValue.Of(dict);
    }
}

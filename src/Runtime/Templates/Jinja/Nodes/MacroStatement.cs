using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Nodes;

/// <summary>The special variables that the body of a macro reads.</summary>
[Flags]
internal enum MacroUses
{
    None = 0,
    Caller = 1,
    NamedArguments = 2,
    MoreArguments = 4,
}

/// <summary>What a macro or the body of a call block is.</summary>
/// <param name="Name">The macro's name; null for a call block.</param>
/// <param name="Parameters">The names of the parameters.</param>
/// <param name="Defaults">The defaults of the last parameters.</param>
/// <param name="Body">The body.</param>
/// <param name="Uses">The special variables that the body reads.</param>
internal sealed record MacroDefinition(string? Name, string[] Parameters, Expression[] Defaults, Body Body, MacroUses Uses)
{
    public Scope Scope { get; private set; } = null!;

    /// <summary>The places of the parameters and of caller, kwargs and varargs; -1 for one that is not there.</summary>
    public int[] Places { get; private set; } = [];

    public int Caller { get; private set; }

    public int NamedArguments { get; private set; }

    public int MoreArguments { get; private set; }

    public void Bind(Scope outer)
    {
        Scope = new Scope(outer);
        foreach (var name in Parameters) Scope.Declare(name);
        Caller = Special("caller", MacroUses.Caller);
        NamedArguments = Special("kwargs", MacroUses.NamedArguments);
        MoreArguments = Special("varargs", MacroUses.MoreArguments);
        foreach (var value in Defaults) value.Declare(Scope);
        Body.Declare(Scope);
        foreach (var value in Defaults) value.Bind(Scope);
        Body.Bind(Scope);
        Places = Array.ConvertAll(Parameters, name => Scope.Locate(name).Index);
    }

    private int Special(string name, MacroUses use)
    {
        if (!Uses.HasFlag(use) || Parameters.Contains(name)) return -1;
        Scope.Declare(name);
        return Scope.Locate(name).Index;
    }
}

/// <summary>{% macro name(parameters) %}.</summary>
internal sealed class MacroStatement(int position, MacroDefinition definition) : Statement(position)
{
    private readonly NameTarget _target = new(position, definition.Name!);

    public override void Declare(Scope scope) => _target.Declare(scope, isParameter: false);

    public override void Bind(Scope scope)
    {
        _target.Bind(scope);
        definition.Bind(scope);
    }

    public override Flow Execute(Renderer renderer, Frame frame)
    {
        Begin(renderer);
        _target.Assign(renderer, frame, TemplateValue.Of(new Macro(definition, frame)));
        return Flow.Normal;
    }
}

/// <summary>{% call(parameters) macro(...) %}: calls a macro, which gets the body as caller.</summary>
internal sealed class CallStatement(int position, MacroDefinition definition, Call call) : Statement(position)
{
    public override void Declare(Scope scope) => call.Declare(scope);

    public override void Bind(Scope scope)
    {
        call.Bind(scope);
        definition.Bind(scope);
    }

    public override Flow Execute(Renderer renderer, Frame frame)
    {
        Begin(renderer);
        ValueOutput.Write(renderer, call.Evaluate(renderer, frame, TemplateValue.Of(new Macro(definition, frame))));
        return Flow.Normal;
    }
}

using ArchGen.Templates.Jinja.Filters;
using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Tests;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Nodes;

/// <summary>The arguments in a call.</summary>
/// <param name="Positional">By position.</param>
/// <param name="Named">By name.</param>
/// <param name="More">After *, or null.</param>
/// <param name="MoreNamed">After **, or null.</param>
internal sealed record ArgumentList(Expression[] Positional, KeyValuePair<string, Expression>[] Named, Expression? More, Expression? MoreNamed)
{
    public static readonly ArgumentList Empty = new([], [], null, null);

    public IEnumerable<Expression?> Expressions => [.. Positional, .. Named.Select(n => n.Value), More, MoreNamed];

    public Arguments Evaluate(Renderer renderer, Frame frame)
    {
        if (Positional.Length == 0 && Named.Length == 0 && More is null && MoreNamed is null) return Arguments.None;
        var positional = Array.ConvertAll(Positional, p => p.Evaluate(renderer, frame));
        var named = Array.ConvertAll(Named, n => KeyValuePair.Create(n.Key, n.Value.Evaluate(renderer, frame)));
        if (More is not null) positional = [.. positional, .. renderer.ToList(More.Evaluate(renderer, frame))];
        return new Arguments(positional, MoreNamed is null ? named : [.. named, .. Spread(MoreNamed.Evaluate(renderer, frame))]);
    }

    private static IEnumerable<KeyValuePair<string, TemplateValue>> Spread(TemplateValue value)
    {
        if (value.Object is not Mapping dict) throw TemplateFault.Type($"argument after ** must be a mapping, not {TypeNames.Of(value)}");
        foreach (var (key, item) in dict.Entries)
            yield return KeyValuePair.Create(key.IsString ? key.String.Value : throw TemplateFault.Type("keywords must be strings"), item);
    }
}

/// <summary>A call.</summary>
internal sealed class Call(int position, Expression function, ArgumentList arguments) : Expression(position)
{
    protected override IEnumerable<Expression?> Children => [function, .. arguments.Expressions];

    public override TemplateValue Evaluate(Renderer renderer, Frame frame) => Evaluate(renderer, frame, default);

    /// <summary>Calls with the body of a call block as caller; a missing value for none.</summary>
    public TemplateValue Evaluate(Renderer renderer, Frame frame, TemplateValue caller)
    {
        Recursion.Guard();
        var callee = function.Evaluate(renderer, frame);
        var given = arguments.Evaluate(renderer, frame);
        if (!caller.IsMissing) given = given with { Named = [.. given.Named, KeyValuePair.Create("caller", caller)] };
        Begin(renderer);
        return renderer.Call(callee, given);
    }
}

/// <summary>value | filter(arguments). Without a value it is the filter of a block, which gets the block's text.</summary>
internal sealed class FilterCall(int position, Expression? value, string name, ArgumentList arguments) : Expression(position)
{
    private Filter? _filter;

    protected override IEnumerable<Expression?> Children => [value, .. arguments.Expressions];

    public override TemplateValue Evaluate(Renderer renderer, Frame frame)
    {
        Recursion.Guard();
        return Apply(renderer, frame, value!.Evaluate(renderer, frame));
    }

    /// <summary>The value of a block's filters for the text of the block.</summary>
    public TemplateValue EvaluateBlock(Renderer renderer, Frame frame, TemplateValue text)
    {
        Recursion.Guard();
        return Apply(renderer, frame, value is FilterCall inner ? inner.EvaluateBlock(renderer, frame, text) : text);
    }

    public override void Bind(Scope scope)
    {
        base.Bind(scope);
        _filter = FilterTable.Find(name);
        if (_filter is null && !scope.IsConditional)
            throw new TemplateFault(TemplateErrorKind.TemplateAssertionError, $"No filter named '{name}'.") { Position = Position };
    }

    private TemplateValue Apply(Renderer renderer, Frame frame, TemplateValue input)
    {
        var given = arguments.Evaluate(renderer, frame);
        Begin(renderer);
        if (_filter is null) throw new TemplateFault(TemplateErrorKind.TemplateRuntimeError, $"No filter named '{name}' found.");
        return _filter.Apply(renderer, input, given);
    }
}

/// <summary>value is test(arguments).</summary>
internal sealed class TestCall(int position, Expression value, string name, ArgumentList arguments) : Expression(position)
{
    private Test? _test;

    protected override IEnumerable<Expression?> Children => [value, .. arguments.Expressions];

    public override TemplateValue Evaluate(Renderer renderer, Frame frame)
    {
        Recursion.Guard();
        var input = value.Evaluate(renderer, frame);
        var given = arguments.Evaluate(renderer, frame);
        Begin(renderer);
        if (_test is null) throw new TemplateFault(TemplateErrorKind.TemplateRuntimeError, $"No test named '{name}' found.");
        return _test.Holds(renderer, input, given);
    }

    public override void Bind(Scope scope)
    {
        base.Bind(scope);
        _test = TestTable.Find(name);
        if (_test is null && !scope.IsConditional)
            throw new TemplateFault(TemplateErrorKind.TemplateAssertionError, $"No test named '{name}'.") { Position = Position };
    }
}

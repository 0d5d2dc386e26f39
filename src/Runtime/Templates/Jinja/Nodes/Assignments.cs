using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Nodes;

/// <summary>{% set target = value %}.</summary>
internal sealed class Assignment(int position, Target target, Expression value) : Statement(position)
{
    public override void Declare(Scope scope)
    {
        value.Declare(scope);
        target.Declare(scope, isParameter: false);
    }

    public override void Bind(Scope scope)
    {
        value.Bind(scope);
        target.Bind(scope);
    }

    public override Flow Execute(Renderer renderer, Frame frame)
    {
        Begin(renderer);
        target.Check(renderer, frame);
        target.Assign(renderer, frame, value.Evaluate(renderer, frame));
        return Flow.Normal;
    }
}

/// <summary>{% set target | filter %}text{% endset %}.</summary>
internal sealed class BlockAssignment(int position, Target target, FilterCall? filter, Body body) : Statement(position)
{
    private Scope _scope = null!;

    public override void Declare(Scope scope) => target.Declare(scope, isParameter: false);

    public override void Bind(Scope scope)
    {
        target.Bind(scope);
        _scope = new Scope(scope);
        body.Declare(_scope);
        filter?.Declare(_scope);
        body.Bind(_scope);
        filter?.Bind(_scope);
    }

    public override Flow Execute(Renderer renderer, Frame frame)
    {
        Begin(renderer);
        target.Check(renderer, frame);
        var inner = _scope.Enter(renderer, frame);
        var flow = Flow.Normal;
        var text = renderer.Capture(() => flow = body.Execute(renderer, inner));
        if (flow != Flow.Normal) return flow;
        var value = TemplateValue.Of(text.AsMarkup(renderer.Autoescape));
        target.Assign(renderer, frame, filter is null ? value : filter.EvaluateBlock(renderer, inner, value));
        return Flow.Normal;
    }
}

/// <summary>A block with a scope of its own, in which an expression at its head is evaluated, too.</summary>
internal abstract class HeadedBlock(int position, Expression head, Body body) : Statement(position)
{
    protected Scope Scope { get; private set; } = null!;

    protected Expression Head => head;

    protected Body Body => body;

    public override void Declare(Scope scope)
    {
    }

    public override void Bind(Scope scope)
    {
        Scope = new Scope(scope);
        head.Declare(Scope);
        body.Declare(Scope);
        head.Bind(Scope);
        body.Bind(Scope);
    }
}

/// <summary>{% filter name %}text{% endfilter %}.</summary>
internal sealed class FilterBlock(int position, FilterCall filter, Body body) : HeadedBlock(position, filter, body)
{
    public override void Declare(Scope scope) => Head.Declare(scope);

    public override Flow Execute(Renderer renderer, Frame frame)
    {
        Begin(renderer);
        var inner = Scope.Enter(renderer, frame);
        var flow = Flow.Normal;
        var text = renderer.Capture(() => flow = Body.Execute(renderer, inner));
        if (flow != Flow.Normal) return flow;
        ValueOutput.Write(renderer, ((FilterCall)Head).EvaluateBlock(renderer, inner, TemplateValue.Of(text.AsMarkup(renderer.Autoescape))));
        return Flow.Normal;
    }
}

/// <summary>{% with a = 1 %}, a block, or {% generation %}: statements with a scope of their own.</summary>
internal sealed class ScopeBlock(int position, Target[] targets, Expression[] values, Body body, bool seesOuter = true) : Statement(position)
{
    private Scope _scope = null!;

    public override void Declare(Scope scope)
    {
        foreach (var value in values) value.Declare(scope);
    }

    public override void Bind(Scope scope)
    {
        foreach (var value in values) value.Bind(scope);
        _scope = seesOuter ? new Scope(scope) : new Scope(null) { IsBlock = true };
        foreach (var target in targets) target.Declare(_scope, isParameter: true);
        body.Declare(_scope);
        foreach (var target in targets) target.Bind(_scope);
        body.Bind(_scope);
    }

    public override Flow Execute(Renderer renderer, Frame frame)
    {
        Begin(renderer);
        var given = Array.ConvertAll(values, value => value.Evaluate(renderer, frame));
        var inner = _scope.Enter(renderer, seesOuter ? frame : null);
        for (var i = 0; i < targets.Length; i++) targets[i].Assign(renderer, inner, given[i]);
        return body.Execute(renderer, inner);
    }
}

/// <summary>{% autoescape condition %}: what is written inside is escaped for HTML.</summary>
internal sealed class AutoescapeBlock(int position, Expression condition, Body body) : HeadedBlock(position, condition, body)
{
    public override Flow Execute(Renderer renderer, Frame frame)
    {
        Begin(renderer);
        var inner = Scope.Enter(renderer, frame);
        var outer = renderer.Autoescape;
        renderer.Autoescape = Truth.Of(Head.Evaluate(renderer, inner));
        try
        {
            return Body.Execute(renderer, inner);
        }
        finally
        {
            renderer.Autoescape = outer;
        }
    }
}

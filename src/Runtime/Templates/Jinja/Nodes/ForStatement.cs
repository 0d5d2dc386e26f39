using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Nodes;

/// <summary>{% for target in items if condition recursive %} with its else.</summary>
internal sealed class ForStatement(
    int position, Target target, Expression items, Expression? condition, bool isRecursive, Body body, Body? otherwise) : Statement(position)
{
    private Scope _scope = null!, _conditionScope = null!, _otherwiseScope = null!;
    private int _loopIndex;

    public override void Declare(Scope scope) => items.Declare(scope);

    public override void Bind(Scope scope)
    {
        items.Bind(scope);
        (_scope, _conditionScope, _otherwiseScope) = (new Scope(scope), new Scope(scope), new Scope(scope));
        // The target comes first in both scopes, so that its variables have the same places.
        target.Declare(_conditionScope, isParameter: true);
        condition?.Declare(_conditionScope);
        condition?.Bind(_conditionScope);
        target.Declare(_scope, isParameter: true);
        _scope.Declare("loop");
        body.Declare(_scope);
        target.Bind(_scope);
        body.Bind(_scope);
        _loopIndex = _scope.Locate("loop").Index;
        otherwise?.DeclareAndBind(_otherwiseScope);
    }

    public override Flow Execute(Renderer renderer, Frame frame)
    {
        Begin(renderer);
        var given = items.Evaluate(renderer, frame);
        if (!isRecursive) return Run(renderer, frame, given, 0);
        ValueOutput.Write(renderer, RunRecursive(renderer, frame, given, 0));
        return Flow.Normal;
    }

    private TemplateValue RunRecursive(Renderer renderer, Frame frame, TemplateValue given, int depth)
    {
        renderer.Enter();
        var text = renderer.Capture(() => Run(renderer, frame, given, depth));
        renderer.Leave();
        return TemplateValue.Of(text.AsMarkup(renderer.Autoescape));
    }

    private Flow Run(Renderer renderer, Frame frame, TemplateValue given, int depth)
    {
        renderer.Position = Position;
        var sequence = renderer.Iterate(given);
        if (condition is not null) sequence = Filtered(renderer, frame, sequence);
        var length = condition is null && given.IsString ? given.String.CodePoints : condition is null && given.Object is JinjaObject list ? list.Count : -1;
        Func<TemplateValue, TemplateValue>? recurse = isRecursive ? inner => RunRecursive(renderer, frame, inner, depth + 1) : null;
        using var loop = new LoopObject(sequence, length, depth, recurse);
        var isComplete = false; // whether a pass came to its end, by which Jinja2 decides whether else runs
        while (loop.MoveNext(out var item))
        {
            var inner = _scope.Enter(renderer, frame);
            Begin(renderer);
            inner.Slots[_loopIndex] = TemplateValue.Of(loop);
            target.Assign(renderer, inner, item);
            var flow = body.Execute(renderer, inner);
            if (flow == Flow.Break) break;
            if (flow == Flow.Normal) isComplete = true;
        }

        return isComplete || otherwise is null ? Flow.Normal : otherwise.Execute(renderer, _otherwiseScope.Enter(renderer, frame));
    }

    private IEnumerable<TemplateValue> Filtered(Renderer renderer, Frame frame, IEnumerable<TemplateValue> sequence)
    {
        foreach (var item in sequence)
        {
            var inner = _conditionScope.Enter(renderer, frame);
            target.Assign(renderer, inner, item);
            if (Truth.Of(condition!.Evaluate(renderer, inner))) yield return item;
        }
    }
}

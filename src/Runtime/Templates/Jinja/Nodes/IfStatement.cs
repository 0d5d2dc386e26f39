using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Nodes;

/// <summary>{% if %} with its elif and else.</summary>
/// <param name="position">Its place in the template.</param>
/// <param name="branches">Conditions and what they decide, in order.</param>
/// <param name="otherwise">else.</param>
internal sealed class IfStatement(int position, (Expression Condition, Body Body)[] branches, Body otherwise) : Statement(position)
{
    public override void Declare(Scope scope)
    {
        branches[0].Condition.Declare(scope);
        scope.Branch(branches[0].Body.Declare, DeclareElif, otherwise.Declare);
    }

    public override void Bind(Scope scope)
    {
        var outer = scope.IsConditional;
        scope.IsConditional = true;
        foreach (var (condition, body) in branches)
        {
            condition.Bind(scope);
            body.Bind(scope);
        }

        otherwise.Bind(scope);
        scope.IsConditional = outer;
    }

    public override Flow Execute(Renderer renderer, Frame frame)
    {
        Begin(renderer);
        foreach (var (condition, body) in branches)
        {
            if (Truth.Of(condition.Evaluate(renderer, frame))) return body.Execute(renderer, frame);
        }

        return otherwise.Execute(renderer, frame);
    }

    private void DeclareElif(Scope scope)
    {
        foreach (var (condition, body) in branches.Skip(1))
        {
            condition.Declare(scope);
            scope.Branch(body.Declare);
        }
    }
}

using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Nodes;

/// <summary>How a statement ended.</summary>
internal enum Flow
{
    /// <summary>At its end.</summary>
    Normal,

    /// <summary>With break.</summary>
    Break,

    /// <summary>With continue.</summary>
    Continue,
}

/// <summary>A statement, or text.</summary>
/// <param name="position">Its place in the template.</param>
internal abstract class Statement(int position)
{
    public int Position { get; } = position;

    /// <summary>Tells the scope which variables it reads and assigns there; not what a scope of its own does.</summary>
    public abstract void Declare(Scope scope);

    /// <summary>Finds its variables, and makes the scopes inside it.</summary>
    public abstract void Bind(Scope scope);

    public abstract Flow Execute(Renderer renderer, Frame frame);

    /// <summary>Begins it: counts it, and remembers its place for messages.</summary>
    protected void Begin(Renderer renderer)
    {
        renderer.Position = Position;
        renderer.Budget.Charge(1);
    }
}

/// <summary>Statements in order.</summary>
/// <param name="statements">The statements.</param>
internal sealed class Body(Statement[] statements)
{
    public static readonly Body Empty = new([]);

    public void Declare(Scope scope)
    {
        Recursion.Guard();
        foreach (var statement in statements) statement.Declare(scope);
    }

    public void Bind(Scope scope)
    {
        Recursion.Guard();
        foreach (var statement in statements) statement.Bind(scope);
    }

    /// <summary>Declares and binds a body that has the scope for itself.</summary>
    public void DeclareAndBind(Scope scope)
    {
        Declare(scope);
        Bind(scope);
    }

    public Flow Execute(Renderer renderer, Frame frame)
    {
        Recursion.Guard();
        foreach (var statement in statements)
        {
            var flow = statement.Execute(renderer, frame);
            if (flow != Flow.Normal) return flow;
        }

        return Flow.Normal;
    }
}

/// <summary>Text of the template.</summary>
internal sealed class TextOutput(int position, string text) : Statement(position)
{
    public override void Declare(Scope scope)
    {
    }

    public override void Bind(Scope scope)
    {
    }

    public override Flow Execute(Renderer renderer, Frame frame)
    {
        Begin(renderer);
        renderer.Output.Append(text);
        return Flow.Normal;
    }
}

/// <summary>The value of an expression: {{ expression }}.</summary>
internal sealed class ValueOutput(int position, Expression value) : Statement(position)
{
    public override void Declare(Scope scope) => value.Declare(scope);

    public override void Bind(Scope scope) => value.Bind(scope);

    public override Flow Execute(Renderer renderer, Frame frame)
    {
        Begin(renderer);
        Write(renderer, value.Evaluate(renderer, frame));
        return Flow.Normal;
    }

    public static void Write(Renderer renderer, TemplateValue value) =>
        renderer.Output.Append(renderer.Autoescape ? Html.Escape(renderer, value) : renderer.Text(value));
}

/// <summary>{% do expression %}: the value is dropped.</summary>
internal sealed class Evaluation(int position, Expression value) : Statement(position)
{
    public override void Declare(Scope scope) => value.Declare(scope);

    public override void Bind(Scope scope) => value.Bind(scope);

    public override Flow Execute(Renderer renderer, Frame frame)
    {
        Begin(renderer);
        value.Evaluate(renderer, frame);
        return Flow.Normal;
    }
}

/// <summary>break or continue.</summary>
internal sealed class Jump(int position, Flow flow) : Statement(position)
{
    public override void Declare(Scope scope)
    {
    }

    public override void Bind(Scope scope)
    {
    }

    public override Flow Execute(Renderer renderer, Frame frame) => flow;
}

/// <summary>include, import, from and extends: there is no loader.</summary>
internal sealed class OtherTemplate(int position, string tag, Expression name, bool isOptional) : Statement(position)
{
    public override void Declare(Scope scope) => name.Declare(scope);

    public override void Bind(Scope scope) => name.Bind(scope);

    public override Flow Execute(Renderer renderer, Frame frame)
    {
        Begin(renderer);
        var value = name.Evaluate(renderer, frame);
        if (isOptional) return Flow.Normal;
        renderer.Position = Position;
        var shown = Formatting.Representation.ForMessage(value);
        throw new TemplateFault(TemplateErrorKind.TemplateNotFound, $"{tag} of {shown}: a chat template is one file, there is no other to load");
    }
}

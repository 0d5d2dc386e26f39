using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Nodes;

/// <summary>An expression.</summary>
/// <param name="position">Its place in the template.</param>
internal abstract class Expression(int position)
{
    public int Position { get; } = position;

    protected virtual IEnumerable<Expression?> Children => [];

    public abstract TemplateValue Evaluate(Renderer renderer, Frame frame);

    /// <summary>Tells the scope which variables it reads.</summary>
    public virtual void Declare(Scope scope)
    {
        Recursion.Guard();
        foreach (var child in Children) child?.Declare(scope);
    }

    /// <summary>Finds its variables, after all of the scope is declared.</summary>
    public virtual void Bind(Scope scope)
    {
        Recursion.Guard();
        foreach (var child in Children) child?.Bind(scope);
    }

    /// <summary>Begins an operation: counts it, and remembers its place for messages.</summary>
    protected void Begin(Renderer renderer)
    {
        renderer.Position = Position;
        renderer.Budget.Charge(1);
    }
}

/// <summary>A constant.</summary>
internal sealed class Constant(int position, TemplateValue value) : Expression(position)
{
    public TemplateValue Value => value;

    public override TemplateValue Evaluate(Renderer renderer, Frame frame) => value;
}

/// <summary>A variable.</summary>
internal sealed class Name(int position, string name) : Expression(position)
{
    private bool _isCallers; // whether no scope assigns it
    private int _hops, _index;

    public override TemplateValue Evaluate(Renderer renderer, Frame frame)
    {
        if (_isCallers) renderer.Observer?.Invoke(name);
        var value = frame.Up(_hops).Slots[_index];
        if (!value.IsMissing) return value;
        renderer.Position = Position;
        return UndefinedReason.Variable(name);
    }

    public override void Declare(Scope scope) => scope.Read(name);

    public override void Bind(Scope scope)
    {
        (_hops, _index) = scope.Locate(name);
        _isCallers = scope.IsCallers(name) && Functions.GlobalFunctions.Find(name).IsMissing;
    }
}

/// <summary>A list or tuple.</summary>
internal sealed class SequenceLiteral(int position, Expression[] items, bool isTuple) : Expression(position)
{
    public Expression[] Items => items;

    public bool IsTuple => isTuple;

    protected override IEnumerable<Expression> Children => items;

    public override TemplateValue Evaluate(Renderer renderer, Frame frame)
    {
        Recursion.Guard();
        renderer.Budget.Charge(items.Length);
        var values = new TemplateValue[items.Length];
        for (var i = 0; i < values.Length; i++) values[i] = items[i].Evaluate(renderer, frame);
        return TemplateValue.Of(new Sequence(values, isTuple) { IsWritten = true });
    }
}

/// <summary>A dict.</summary>
internal sealed class DictLiteral(int position, KeyValuePair<Expression, Expression>[] entries) : Expression(position)
{
    protected override IEnumerable<Expression> Children => entries.SelectMany(e => new[] { e.Key, e.Value });

    public override TemplateValue Evaluate(Renderer renderer, Frame frame)
    {
        Recursion.Guard();
        var dict = new Mapping();
        foreach (var (key, value) in entries)
        {
            var (k, v) = (key.Evaluate(renderer, frame), value.Evaluate(renderer, frame));
            Begin(renderer);
            dict.Set(k, v, renderer.Budget);
        }

        return TemplateValue.Of(dict);
    }
}

/// <summary>value.name.</summary>
internal sealed class AttributeAccess(int position, Expression value, string name) : Expression(position)
{
    protected override IEnumerable<Expression> Children => [value];

    public override TemplateValue Evaluate(Renderer renderer, Frame frame)
    {
        Recursion.Guard();
        var owner = value.Evaluate(renderer, frame);
        Begin(renderer);
        return Members.Attribute(renderer, owner, name);
    }
}

/// <summary>value[key].</summary>
internal sealed class ItemAccess(int position, Expression value, Expression key) : Expression(position)
{
    protected override IEnumerable<Expression> Children => [value, key];

    public override TemplateValue Evaluate(Renderer renderer, Frame frame)
    {
        Recursion.Guard();
        var (owner, index) = (value.Evaluate(renderer, frame), key.Evaluate(renderer, frame));
        Begin(renderer);
        return Members.Item(renderer, owner, index);
    }
}

/// <summary>value[start:stop:step].</summary>
internal sealed class SliceAccess(int position, Expression value, Expression? start, Expression? stop, Expression? step) : Expression(position)
{
    protected override IEnumerable<Expression?> Children => [value, start, stop, step];

    public override TemplateValue Evaluate(Renderer renderer, Frame frame)
    {
        Recursion.Guard();
        var owner = value.Evaluate(renderer, frame);
        var first = start?.Evaluate(renderer, frame) ?? default;
        var end = stop?.Evaluate(renderer, frame) ?? default;
        var by = step?.Evaluate(renderer, frame) ?? default;
        Begin(renderer);
        return Members.Slice(renderer, owner, first, end, by);
    }
}

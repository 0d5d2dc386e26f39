using System.Globalization;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Nodes;

/// <summary>What a value is assigned to.</summary>
/// <param name="position">Its place in the template.</param>
internal abstract class Target(int position)
{
    public int Position { get; } = position;

    /// <summary>Tells the scope what it assigns.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="isParameter">Whether the scope begins with the assignment, as that of a loop.</param>
    public abstract void Declare(Scope scope, bool isParameter);

    public abstract void Bind(Scope scope);

    public abstract void Assign(Renderer renderer, Frame frame, TemplateValue value);

    /// <summary>Throws if a namespace that it assigns to is none; before the value is evaluated.</summary>
    public virtual void Check(Renderer renderer, Frame frame)
    {
    }

    /// <summary>The names that it assigns.</summary>
    public virtual IEnumerable<string> Names => [];
}

/// <summary>A variable.</summary>
internal sealed class NameTarget(int position, string name) : Target(position)
{
    private bool _isExported;
    private int _hops, _index;

    public override IEnumerable<string> Names => [name];

    public override void Declare(Scope scope, bool isParameter)
    {
        if (isParameter) scope.Declare(name);
        else scope.Store(name);
    }

    public override void Bind(Scope scope)
    {
        (_hops, _index) = scope.Locate(name);
        _isExported = scope.IsRoot;
    }

    public override void Assign(Renderer renderer, Frame frame, TemplateValue value)
    {
        frame.Up(_hops).Slots[_index] = value;
        if (_isExported) renderer.Export(name, value);
    }
}

/// <summary>An attribute of a namespace.</summary>
internal sealed class NamespaceTarget(int position, string name, string attribute) : Target(position)
{
    private readonly Name _name = new(position, name);

    public override void Declare(Scope scope, bool isParameter) => _name.Declare(scope);

    public override void Bind(Scope scope) => _name.Bind(scope);

    public override void Check(Renderer renderer, Frame frame) => Find(renderer, frame);

    public override void Assign(Renderer renderer, Frame frame, TemplateValue value) => Find(renderer, frame).Set(attribute, value);

    private NamespaceObject Find(Renderer renderer, Frame frame)
    {
        if (_name.Evaluate(renderer, frame).Object is NamespaceObject found) return found;
        renderer.Position = Position;
        throw new TemplateFault(TemplateErrorKind.TemplateRuntimeError, "cannot assign attribute on non-namespace object");
    }
}

/// <summary>Several targets, to which the elements of a value are assigned.</summary>
internal sealed class TupleTarget(int position, Target[] targets) : Target(position)
{
    public override IEnumerable<string> Names => targets.SelectMany(t => t.Names);

    public override void Declare(Scope scope, bool isParameter) => Array.ForEach(targets, target => target.Declare(scope, isParameter));

    public override void Bind(Scope scope) => Array.ForEach(targets, target => target.Bind(scope));

    public override void Check(Renderer renderer, Frame frame) => Array.ForEach(targets, target => target.Check(renderer, frame));

    public override void Assign(Renderer renderer, Frame frame, TemplateValue value)
    {
        renderer.Position = Position;
        var items = renderer.Iterate(value, "cannot unpack non-iterable {0} object").Take(targets.Length + 1).ToList();
        if (items.Count > targets.Length)
            throw TemplateFault.Value(string.Create(CultureInfo.InvariantCulture, $"too many values to unpack (expected {targets.Length})"));
        if (items.Count < targets.Length)
        {
            throw TemplateFault.Value(string.Create(
                CultureInfo.InvariantCulture, $"not enough values to unpack (expected {targets.Length}, got {items.Count})"));
        }

        for (var i = 0; i < targets.Length; i++) targets[i].Assign(renderer, frame, items[i]);
    }
}

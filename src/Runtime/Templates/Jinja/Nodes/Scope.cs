using ArchGen.Templates.Jinja.Running;

namespace ArchGen.Templates.Jinja.Nodes;

/// <summary>
/// The variables of one scope, found when the template is parsed: those that it assigns, and those that nothing around it assigns. Where a scope reads a
/// variable before it assigns it, the variable begins with the value outside. These are Jinja2's rules (its module idtracking).
/// </summary>
/// <param name="parent">The scope around it, or null.</param>
internal sealed class Scope(Scope? parent)
{
    private readonly Scope? _parent = parent;
    private Dictionary<string, int> _indices = new(StringComparer.Ordinal);
    private Dictionary<string, Load> _loads = new(StringComparer.Ordinal);
    private HashSet<string> _stores = new(StringComparer.Ordinal);
    private (int Index, Load Load, string Name, int Hops, int Outer)[]? _entries;

    /// <summary>The value of a variable when the scope begins.</summary>
    private enum Load
    {
        None,
        Parameter,
        Resolve,
        Outer,
    }

    /// <summary>Whether it is the scope of the template.</summary>
    public bool IsRoot => _parent is null && !IsBlock;

    /// <summary>Whether it is the scope of a block, which sees no scope around it.</summary>
    public bool IsBlock { get; init; }

    /// <summary>Whether a condition decides if what is being bound runs: then an unknown filter is an error only when it runs.</summary>
    public bool IsConditional { get; set; }

    /// <summary>Reads a variable.</summary>
    public void Read(string name)
    {
        if (Find(name) is null) Define(name, Load.Resolve);
    }

    /// <summary>Assigns a variable.</summary>
    public void Store(string name)
    {
        _stores.Add(name);
        if (!_loads.ContainsKey(name)) Define(name, _parent?.Find(name) is null ? Load.None : Load.Outer);
    }

    /// <summary>Assigns a variable when the scope begins.</summary>
    public void Declare(string name)
    {
        _stores.Add(name);
        Define(name, Load.Parameter);
    }

    /// <summary>Visits branches of which at most one runs.</summary>
    public void Branch(params Action<Scope>[] branches)
    {
        var forks = new List<Scope>();
        foreach (var branch in branches)
        {
            var fork = new Scope(_parent) { _indices = _indices, _loads = new(_loads, StringComparer.Ordinal), _stores = new(_stores, StringComparer.Ordinal) };
            branch(fork);
            forks.Add(fork);
        }

        var stored = forks.SelectMany(fork => fork._stores).Where(name => !_stores.Contains(name)).Distinct(StringComparer.Ordinal).ToList();
        foreach (var fork in forks)
        {
            foreach (var (name, load) in fork._loads) _loads[name] = load;
            _stores.UnionWith(fork._stores);
        }

        foreach (var name in stored) _loads[name] = _parent?.Find(name) is null ? Load.Resolve : Load.Outer;
    }

    /// <summary>Where a variable is: the number of frames outward, and the index there.</summary>
    public (int Hops, int Index) Locate(string name) => Find(name) ?? throw new InvalidOperationException($"{name} was not declared.");

    /// <summary>Whether a variable begins with the value that the caller gave.</summary>
    public bool IsCallers(string name)
    {
        for (var scope = this; scope is not null; scope = scope._parent)
        {
            if (scope._loads.TryGetValue(name, out var load) && load != Load.Outer) return load == Load.Resolve;
        }

        return false;
    }

    /// <summary>The frame of the scope as it begins to run.</summary>
    public Frame Enter(Renderer renderer, Frame? outer)
    {
        _entries ??= [.. _loads.Where(l => l.Value is Load.Resolve or Load.Outer).Select(l => Entry(l.Key, l.Value))];
        var frame = new Frame(_indices.Count, outer);
        foreach (var (index, load, name, hops, at) in _entries)
            frame.Slots[index] = load == Load.Resolve ? renderer.Resolve(name) : outer!.Up(hops).Slots[at];
        return frame;
    }

    private (int Index, Load Load, string Name, int Hops, int Outer) Entry(string name, Load load)
    {
        var (hops, at) = load == Load.Outer ? _parent!.Locate(name) : default;
        return (_indices[name], load, name, hops, at);
    }

    private (int Hops, int Index)? Find(string name)
    {
        var hops = 0;
        for (var scope = this; scope is not null; scope = scope._parent, hops++)
        {
            if (scope._loads.ContainsKey(name)) return (hops, scope._indices[name]);
        }

        return null;
    }

    private void Define(string name, Load load)
    {
        _indices.TryAdd(name, _indices.Count);
        _loads[name] = load;
    }
}

namespace ArchGen.Graphs;

/// <summary>Collects nodes into a <see cref="Graph"/>: infers and checks each shape, keeps one leaf per weight, makes the names unique at the end.</summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class GraphBuilder(string name)
{
    private readonly List<Entry> _nodes = [];
    private readonly Dictionary<string, int> _leaves = new(StringComparer.Ordinal);

    /// <summary>The id of the leaf of this name, created on first use.</summary>
    public int Leaf(Op op, string leafName, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(leafName);
        if (_leaves.TryGetValue(leafName, out var id)) return id;
        return _leaves[leafName] = Append(new Entry(leafName, op, shape, [], default, null, -1));
    }

    /// <summary>
    /// Appends an operation on earlier nodes (-1 for an empty slot; those at the end may be left out).
    /// </summary>
    /// <param name="nodeName">What it is called unless <see cref="Name"/> says otherwise.</param>
    /// <param name="op">The operation.</param>
    /// <param name="inputs">The operands.</param>
    /// <param name="attributes">The numbers.</param>
    /// <param name="source">See <see cref="Node.Source"/>.</param>
    /// <param name="step">See <see cref="Node.Step"/>.</param>
    /// <exception cref="ShapeException">The operands do not fit.</exception>
    public int Add(string nodeName, Op op, int[] inputs, Attributes attributes, string? source = null, int step = -1)
    {
        ArgumentNullException.ThrowIfNull(nodeName);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Length > OpTable.Of(op).Operands.Count || Array.Exists(inputs, i => i >= _nodes.Count))
            throw new ArgumentException($"{op} cannot take {string.Join(", ", inputs)}: there are {_nodes.Count} nodes.", nameof(inputs));
        inputs = [.. inputs, .. Enumerable.Repeat(-1, OpTable.Of(op).Operands.Count - inputs.Length)];
        var shapes = Array.ConvertAll(inputs, i => i < 0 ? null : _nodes[i].Shape);
        var shape = OpTable.Infer(op, shapes, key => attributes.Find(key) is { } value ? (Dim)(long)value : null);
        return Append(new Entry(nodeName, op, shape, inputs, attributes, source, step));
    }

    /// <summary>Appends a node of another graph with these operands. Its shape is inferred only if the operands' shapes have changed.</summary>
    /// <exception cref="ShapeException">The operands do not fit.</exception>
    internal int Copy(Node node, int[] inputs)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            var isSame = inputs[i] < 0 ? node.Inputs[i] is null : node.Inputs[i] is { } input && _nodes[inputs[i]].Shape.Equals(input.Shape);
            if (!isSame) return Add(node.Name, node.Op, inputs, node.Attributes, node.Source, node.Step);
        }

        return Append(new Entry(node.Name, node.Op, node.Shape, inputs, node.Attributes, node.Source, node.Step));
    }

    /// <summary>The shape of a node.</summary>
    public Shape ShapeOf(int id) => _nodes[Checked(id)].Shape;

    /// <summary>Says what an operation is called; a leaf has its name from what it stands for.</summary>
    public void Name(int id, string nodeName)
    {
        ArgumentNullException.ThrowIfNull(nodeName);
        if (_nodes[Checked(id)].Inputs.Length > 0) _nodes[id] = _nodes[id] with { Name = nodeName };
    }

    /// <summary>Sets the source line of a node, and of earlier nodes without one.</summary>
    public void Locate(int id, string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        for (id = Checked(id); id >= 0 && _nodes[id].Source is null; id--)
        {
            if (_nodes[id].Inputs.Length > 0) _nodes[id] = _nodes[id] with { Source = source };
        }
    }

    /// <summary>The finished graph: the nodes that the output depends on. Of several with one name, those after the first are numbered from 2.</summary>
    public Graph Build(int output)
    {
        Checked(output, nameof(output));
        var used = new bool[_nodes.Count];
        Mark(output);
        var nodes = new Node[_nodes.Count];
        var names = UniqueNames();
        var kept = new List<Node>();
        for (var i = 0; i < _nodes.Count; i++)
        {
            if (!used[i]) continue;
            var entry = _nodes[i];
            nodes[i] = new Node(kept.Count, names[i], entry.Op, entry.Shape, Array.ConvertAll(entry.Inputs, k => k < 0 ? null : nodes[k]), entry.Attributes)
            {
                Source = entry.Source,
                Step = entry.Step,
            };
            kept.Add(nodes[i]);
        }

        return new Graph(name, [.. kept], nodes[output]);

        void Mark(int root)
        {
            var pending = new Stack<int>([root]);
            while (pending.TryPop(out var id))
            {
                if (used[id]) continue;
                used[id] = true;
                foreach (var input in _nodes[id].Inputs)
                {
                    if (input >= 0) pending.Push(input);
                }
            }
        }
    }

    private int Checked(int id, string name = "id") => (uint)id < (uint)_nodes.Count ? id
        : throw new ArgumentOutOfRangeException(name, id, $"There are {_nodes.Count} nodes.");

    private int Append(Entry entry)
    {
        _nodes.Add(entry);
        return _nodes.Count - 1;
    }

    private string[] UniqueNames()
    {
        var names = new string[_nodes.Count];
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = _nodes[i].Name;
            for (var number = 2; !taken.Add(names[i]); number++) names[i] = $"{_nodes[i].Name} #{number}";
        }

        return names;
    }

    private sealed record Entry(string Name, Op Op, Shape Shape, int[] Inputs, Attributes Attributes, string? Source, int Step);
}

namespace ArchGen.Graphs;

/// <summary>Collects nodes into a <see cref="Graph"/>: infers and checks each shape, makes names unique, keeps one leaf per weight.</summary>
public sealed class GraphBuilder(string name)
{
    private readonly List<(string Name, Op Op, Shape Shape, int[] Inputs, Attributes Attributes)> _nodes = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _leaves = new(StringComparer.Ordinal);

    /// <summary>The id of the leaf of this name, made if it is not there yet.</summary>
    public int Leaf(Op op, string leafName, Shape shape)
    {
        if (_leaves.TryGetValue(leafName, out var id)) return id;
        return _leaves[leafName] = Append(leafName, op, shape, [], default);
    }

    /// <summary>Appends an operation on earlier nodes (-1 for an empty slot; those at the end may be left out). Its name can be changed until the graph is built.</summary>
    /// <exception cref="ShapeException">The operands do not fit.</exception>
    public int Add(string nodeName, Op op, int[] inputs, Attributes attributes)
    {
        inputs = [.. inputs, .. Enumerable.Repeat(-1, OpTable.Of(op).Operands.Count - inputs.Length)];
        var shapes = Array.ConvertAll(inputs, i => i < 0 ? null : _nodes[i].Shape);
        var shape = OpTable.Infer(op, shapes, key => attributes.Find(key) is { } value ? (Dim)(long)value : null);
        return Append(nodeName, op, shape, inputs, attributes);
    }

    /// <summary>The shape of a node.</summary>
    public Shape ShapeOf(int id) => _nodes[id].Shape;

    /// <summary>The name of a node.</summary>
    public string NameOf(int id) => _nodes[id].Name;

    /// <summary>Gives a node another name.</summary>
    public void Rename(int id, string nodeName)
    {
        if (_nodes[id].Inputs.Length == 0 || _nodes[id].Name == nodeName) return;
        _names.Remove(_nodes[id].Name);
        _nodes[id] = _nodes[id] with { Name = Unique(nodeName) };
        _names[_nodes[id].Name] = id;
    }

    /// <summary>The finished graph: the nodes that the output depends on.</summary>
    public Graph Build(int output)
    {
        var used = new bool[_nodes.Count];
        Mark(output);
        var nodes = new Node[_nodes.Count];
        var kept = new List<Node>();
        for (var i = 0; i < _nodes.Count; i++)
        {
            if (!used[i]) continue;
            var (nodeName, op, shape, inputs, attributes) = _nodes[i];
            kept.Add(nodes[i] = new Node(kept.Count, nodeName, op, shape, Array.ConvertAll(inputs, k => k < 0 ? null : nodes[k]), attributes));
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

    private int Append(string nodeName, Op op, Shape shape, int[] inputs, Attributes attributes)
    {
        var unique = Unique(nodeName);
        _nodes.Add((unique, op, shape, inputs, attributes));
        _names[unique] = _nodes.Count - 1;
        return _nodes.Count - 1;
    }

    private string Unique(string nodeName)
    {
        var unique = nodeName;
        for (var i = 2; _names.ContainsKey(unique); i++) unique = $"{nodeName} #{i}";
        return unique;
    }
}

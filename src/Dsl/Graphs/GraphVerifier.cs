namespace ArchGen.Graphs;

/// <summary>Checks the invariants of graphs. Runs after each step that makes or rewrites one.</summary>
public static class GraphVerifier
{
    /// <summary>
    /// Checks that nodes are in order, after their operands; that each has the operands and numbers of its operation's <see cref="OpSpec"/>, and the
    /// shape that its shape rule gives; that names are unique and each leaf occurs once; that attentions which share a cache have the same keys and values;
    /// that the output is a node of the graph and needs all others.
    /// </summary>
    /// <exception cref="GraphException">An invariant is violated; the message names it and the node.</exception>
    public static void Verify(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var names = new Dictionary<string, Node>(StringComparer.Ordinal);
        for (var i = 0; i < graph.Nodes.Count; i++)
        {
            var node = graph.Nodes[i];
            if (node.Id != i) throw Fault(graph, node, $"it stands at place {i}, expected its id, {node.Id}");
            if (!names.TryAdd(node.Name, node)) throw Fault(graph, node, DuplicateName(node, names[node.Name]));
            VerifyOperands(graph, node);
            VerifyNumbers(graph, node);
            VerifyShape(graph, node);
        }

        VerifyCaches(graph);
        VerifyUse(graph);
    }

    private static string DuplicateName(Node node, Node first) => node.IsLeaf && first.IsLeaf
        ? $"this leaf is there already, as node {first.Id}; expected one leaf that all its users share"
        : $"node {first.Id} ({OpTable.Of(first.Op).Word}) has the same name; expected unique names";

    private static void VerifyOperands(Graph graph, Node node)
    {
        var spec = OpTable.Of(node.Op);
        if (node.Inputs.Count != spec.Operands.Count)
        {
            throw Fault(graph, node, $"it has {node.Inputs.Count} operand slots, expected {spec.Operands.Count} ({string.Join(", ", spec.Operands)})");
        }

        for (var slot = 0; slot < node.Inputs.Count; slot++)
        {
            var input = node.Inputs[slot];
            if (input is null)
            {
                if (!spec.Operands[slot].IsOptional) throw Fault(graph, node, $"its operand '{spec.Operands[slot]}' is missing");
            }
            else if (input.Id < 0 || input.Id >= graph.Nodes.Count || !ReferenceEquals(graph.Nodes[input.Id], input))
            {
                throw Fault(graph, node, $"its operand '{spec.Operands[slot].Name}', {input.Name}, is not a node of this graph");
            }
            else if (input.Id >= node.Id)
            {
                throw Fault(graph, node, $"its operand '{spec.Operands[slot].Name}', {input.Name}, is node {input.Id}; expected an earlier one");
            }
        }
    }

    private static void VerifyNumbers(Graph graph, Node node)
    {
        var expected = OpTable.Of(node.Op).Attributes;
        var found = new HashSet<Attr>();
        foreach (var (key, value) in node.Attributes.Values)
        {
            var name = Attributes.Name(key);
            if (!expected.Contains(key)) throw Fault(graph, node, $"it has the number '{name}', which {OpTable.Of(node.Op).Word} does not take");
            if (!found.Add(key)) throw Fault(graph, node, $"it has the number '{name}' twice");
            if (double.IsNaN(value)) throw Fault(graph, node, $"its number '{name}' is NaN");
            if (key.IsWhole() && (value != Math.Floor(value) || Math.Abs(value) > int.MaxValue))
            {
                throw Fault(graph, node, FormattableString.Invariant($"its number '{name}' is {value}, expected a whole number"));
            }
        }

        foreach (var key in expected)
        {
            if (!found.Contains(key) && !key.MayBeAbsent()) throw Fault(graph, node, $"its number '{Attributes.Name(key)}' is missing");
        }
    }

    private static void VerifyShape(Graph graph, Node node)
    {
        if (node.IsLeaf) return;
        Shape expected;
        try
        {
            Shape?[] shapes = [.. node.Inputs.Select(input => input?.Shape)];
            expected = OpTable.Infer(node.Op, shapes, key => node.Attributes.Find(key) is { } value ? (Dim)(long)value : null);
        }
        catch (ShapeException exception)
        {
            throw Fault(graph, node, exception.Message);
        }

        if (!expected.Equals(node.Shape)) throw Fault(graph, node, $"it has shape {node.Shape}, but its operands make {expected}");
    }

    private static void VerifyCaches(Graph graph)
    {
        var writers = new Dictionary<int, Node>();
        foreach (var node in graph.Nodes.Where(n => n.Op == Op.Attention && n.Attributes.Int32(Attr.Layer) >= 0))
        {
            var cache = node.Attributes.Int32(Attr.Layer);
            if (writers.TryAdd(cache, node)) continue;
            var writer = writers[cache];
            if (node.Input(Slot.Key) == writer.Input(Slot.Key) && node.Input(Slot.Value) == writer.Input(Slot.Value)) continue;
            throw Fault(graph, node, $"it has the cache of {writer.Name}, number {cache}, and other keys or values; expected the same, or a cache of its own");
        }
    }

    private static void VerifyUse(Graph graph)
    {
        var output = graph.Output;
        if (output.Id < 0 || output.Id >= graph.Nodes.Count || !ReferenceEquals(graph.Nodes[output.Id], output))
        {
            throw Fault(graph, output, "it is the output, but not a node of this graph");
        }

        var used = new bool[graph.Nodes.Count];
        used[output.Id] = true;
        for (var i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            if (!used[i]) throw Fault(graph, graph.Nodes[i], $"the output, {output.Name}, does not depend on it");
            foreach (var input in graph.Nodes[i].Inputs)
            {
                if (input is not null) used[input.Id] = true;
            }
        }
    }

    private static GraphException Fault(Graph graph, Node node, string fault) =>
        new($"Graph {graph.Name}, node {node.Id}, {node.Name} ({OpTable.Of(node.Op).Word}): {fault}.");
}

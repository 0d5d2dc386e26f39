namespace ArchGen.Graphs;

/// <summary>The boxes and edges of a drawing, of a model's graph or of an architecture's outline.</summary>
internal sealed class GraphDrawing
{
    private GraphDrawing(string name, IReadOnlyList<Box> boxes, IReadOnlyList<Arrow> arrows)
    {
        Name = name;
        Boxes = boxes;
        Arrows = arrows;
    }

    public string Name { get; }

    public IReadOnlyList<Box> Boxes { get; }

    /// <summary>The edges from each operand to its user.</summary>
    public IReadOnlyList<Arrow> Arrows { get; }

    /// <summary>The boxes by block, with null for nodes outside of blocks, in the order of the blocks.</summary>
    public IEnumerable<(string? Block, IEnumerable<Box> Boxes)> Blocks => Boxes.GroupBy(b => b.Block).Select(group => (group.Key, (IEnumerable<Box>)group));

    public static GraphDrawing Of(Graph graph) => new(
        Guard.NotNull(graph).Name,
        [
            .. from node in graph.Nodes
               let label = Label(node.Name, node.Op, node.Shape.ToString(), "")
               select new Box(node.Id, node.Op, label, ReferenceEquals(node, graph.Output), BlockName.Of(node)),
        ],
        [
            .. from node in graph.Nodes
               from slot in Enumerable.Range(0, node.Inputs.Count)
               where node.Inputs[slot] is not null
               select new Arrow(node.Inputs[slot]!.Id, node.Id, Operand(node.Op, slot), node.Inputs[slot]!.IsLeaf),
        ]);

    public static GraphDrawing Of(GraphOutline outline) => new(
        Guard.NotNull(outline).Name,
        [
            .. outline.Nodes.Select((node, id) => new Box(
                id, node.Op, Label(node.Name, node.Op, node.Shape, node.Condition), node.IsOutput, node.Frame < 0 ? null : outline.Frames[node.Frame])),
        ],
        [
            .. from user in outline.Nodes.Select((node, id) => (Node: node, Id: id))
               from input in user.Node.Inputs
               select new Arrow(input.Node, user.Id, Operand(user.Node.Op, input.Slot), IsLeaf(outline.Nodes[input.Node].Op)),
        ]);

    private static bool IsLeaf(Op op) => OpTable.Of(op).IsLeaf;

    /// <summary>The operand's name, if the operation has several.</summary>
    private static string? Operand(Op op, int slot) => OpTable.Of(op) is { Operands.Count: > 1 } spec ? spec.Operands[slot].Name : null;

    /// <summary>The lines of a label: the name; the operation, unless that is the name, and the shape; the condition.</summary>
    private static string[] Label(string name, Op op, string shape, string condition)
    {
        var word = OpTable.Of(op).Word;
        string[] label = [name, word == name ? shape : $"{word} {shape}"];
        return condition.Length == 0 ? label : [.. label, $"if {condition}"];
    }

    /// <summary>The drawing of a node.</summary>
    public sealed record Box(int Id, Op Op, string[] Label, bool IsOutput, string? Block)
    {
        public bool IsLeaf => GraphDrawing.IsLeaf(Op);
    }

    /// <summary>The drawing of an edge.</summary>
    public sealed record Arrow(int From, int To, string? Operand, bool IsFromLeaf);
}

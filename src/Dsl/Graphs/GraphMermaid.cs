using System.Text;

namespace ArchGen.Graphs;

/// <summary>
/// A graph as a Mermaid flowchart (mermaid.js.org), which GitHub and many editors draw: blocks as frames, weights and states as cylinders, inputs rounded.
/// An edge names the operand where an operation has several; those from leaves are dotted.
/// </summary>
public static class GraphMermaid
{
    /// <summary>The flowchart's source. Equal graphs have equal sources.</summary>
    public static string Print(Graph graph)
    {
        var text = new StringBuilder("flowchart TD\n");
        var frame = 0;
        foreach (var (block, nodes) in GraphDrawing.Blocks(graph))
        {
            var indent = block is null ? "    " : "        ";
            if (block is not null) text.Append($"    subgraph b{frame++}[\"{Escape(block)}\"]\n");
            foreach (var node in nodes) text.Append($"{indent}n{node.Id}{Box(node, ReferenceEquals(node, graph.Output))}\n");
            if (block is not null) text.Append("    end\n");
        }

        foreach (var (from, to, operand) in GraphDrawing.Edges(graph))
        {
            text.Append($"    n{from.Id} {(from.IsLeaf ? "-.->" : "-->")}{(operand is null ? "" : $"|{operand}|")} n{to.Id}\n");
        }

        return text.ToString();
    }

    private static string Box(Node node, bool isOutput)
    {
        var label = $"\"{string.Join("<br/>", GraphDrawing.Label(node).Select(Escape))}\"";
        return node.Op switch
        {
            Op.Weight or Op.State => $"[({label})]",
            _ when node.IsLeaf => $"([{label}])",
            _ when isOutput => $"[[{label}]]",
            _ => $"[{label}]",
        };
    }

    /// <summary>Mermaid writes reserved characters as <c>#code;</c>.</summary>
    private static string Escape(string label)
    {
        var escaped = new StringBuilder();
        foreach (var c in label)
        {
            if (c is '"' or '#' or '<' or '>' or '&' or '`' or '\\' || char.IsControl(c)) escaped.Append($"#{(int)c};");
            else escaped.Append(c);
        }

        return escaped.ToString();
    }
}

using System.Text;

namespace ArchGen.Graphs;

/// <summary>
/// A graph in the DOT language (graphviz.org/doc/info/lang.html): blocks as clusters, weights and states as cylinders, inputs rounded, the output with a
/// double frame.
/// An edge names the operand where an operation has several; those from leaves are dotted.
/// </summary>
public static class GraphDot
{
    /// <summary>The drawing's source. Equal graphs have equal sources.</summary>
    public static string Print(Graph graph)
    {
        var text = new StringBuilder($"digraph {Quote(graph.Name)} {{\n    node [shape=box];\n");
        var cluster = 0;
        foreach (var (block, nodes) in GraphDrawing.Blocks(graph))
        {
            var indent = block is null ? "    " : "        ";
            if (block is not null) text.Append($"    subgraph cluster_{cluster++} {{\n{indent}label={Quote(block)};\n");
            foreach (var node in nodes)
            {
                var label = Quote(string.Join('\n', GraphDrawing.Label(node)));
                text.Append($"{indent}n{node.Id} [label={label}{Style(node, ReferenceEquals(node, graph.Output))}];\n");
            }

            if (block is not null) text.Append("    }\n");
        }

        foreach (var (from, to, operand) in GraphDrawing.Edges(graph))
        {
            string[] attributes = [.. operand is null ? [] : new[] { $"label={Quote(operand)}" }, .. from.IsLeaf ? new[] { "style=dotted" } : []];
            text.Append($"    n{from.Id} -> n{to.Id}{(attributes.Length == 0 ? "" : $" [{string.Join(", ", attributes)}]")};\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string Style(Node node, bool isOutput) => node.Op switch
    {
        Op.Weight or Op.State => ", shape=cylinder",
        _ when node.IsLeaf => ", style=rounded",
        _ when isOutput => ", peripheries=2",
        _ => "",
    };

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (c == '\n') quoted.Append("\\n");
            else quoted.Append(char.IsControl(c) ? ' ' : c);
        }

        return quoted.Append('"').ToString();
    }
}

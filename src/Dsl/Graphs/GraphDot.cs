using System.Text;

namespace ArchGen.Graphs;

/// <summary>
/// A graph in the DOT language (graphviz.org/doc/info/lang.html): blocks as clusters, weights and states as cylinders, inputs rounded, the output with a
/// double frame.
/// An edge is labelled with the operand if the operation has several; edges from leaves are dotted.
/// </summary>
public static class GraphDot
{
    /// <summary>The drawing's source. Equal graphs have equal sources.</summary>
    public static string Print(Graph graph) => Print(GraphDrawing.Of(graph));

    /// <summary>The drawing's source for an architecture's outline. Equal outlines have equal sources.</summary>
    public static string Print(GraphOutline outline) => Print(GraphDrawing.Of(outline));

    private static string Print(GraphDrawing drawing)
    {
        var text = new StringBuilder($"digraph {Quote(drawing.Name)} {{\n    node [shape=box];\n");
        var cluster = 0;
        foreach (var (block, boxes) in drawing.Blocks)
        {
            var indent = block is null ? "    " : "        ";
            if (block is not null) text.Append($"    subgraph cluster_{cluster++} {{\n{indent}label={Quote(block)};\n");
            foreach (var box in boxes) text.Append($"{indent}n{box.Id} [label={Quote(string.Join('\n', box.Label))}{Style(box)}];\n");

            if (block is not null) text.Append("    }\n");
        }

        foreach (var (from, to, operand, isFromLeaf) in drawing.Arrows)
        {
            string[] attributes = [.. operand is null ? [] : new[] { $"label={Quote(operand)}" }, .. isFromLeaf ? new[] { "style=dotted" } : []];
            text.Append($"    n{from} -> n{to}{(attributes.Length == 0 ? "" : $" [{string.Join(", ", attributes)}]")};\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string Style(GraphDrawing.Box box) => box.Op switch
    {
        Op.Weight or Op.State => ", shape=cylinder",
        _ when box.IsLeaf => ", style=rounded",
        _ when box.IsOutput => ", peripheries=2",
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

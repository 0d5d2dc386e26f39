using System.Text;

namespace ArchGen.Graphs;

/// <summary>
/// A graph as a Mermaid flowchart (mermaid.js.org), which GitHub and many editors render: blocks as frames, weights and states as cylinders, inputs rounded.
/// An edge is labelled with the operand if the operation has several; edges from leaves are dotted.
/// </summary>
public static class GraphMermaid
{
    /// <summary>The flowchart's source. Equal graphs have equal sources.</summary>
    public static string Print(Graph graph) => Print(GraphDrawing.Of(graph));

    /// <summary>The flowchart's source for an architecture's outline. Equal outlines have equal sources.</summary>
    public static string Print(GraphOutline outline) => Print(GraphDrawing.Of(outline));

    private static string Print(GraphDrawing drawing)
    {
        var text = new StringBuilder("flowchart TD\n");
        var frame = 0;
        foreach (var (block, boxes) in drawing.Blocks)
        {
            var indent = block is null ? "    " : "        ";
            if (block is not null) text.Append($"    subgraph b{frame++}[\"{Escape(block)}\"]\n");
            foreach (var box in boxes) text.Append($"{indent}n{box.Id}{Shape(box)}\n");
            if (block is not null) text.Append("    end\n");
        }

        foreach (var (from, to, operand, isFromLeaf) in drawing.Arrows)
        {
            text.Append($"    n{from} {(isFromLeaf ? "-.->" : "-->")}{(operand is null ? "" : $"|{operand}|")} n{to}\n");
        }

        return text.ToString();
    }

    private static string Shape(GraphDrawing.Box box)
    {
        var label = $"\"{string.Join("<br/>", box.Label.Select(Escape))}\"";
        return box.Op switch
        {
            Op.Weight or Op.State => $"[({label})]",
            _ when box.IsLeaf => $"([{label}])",
            _ when box.IsOutput => $"[[{label}]]",
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

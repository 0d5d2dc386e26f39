using System.Globalization;
using System.Text;

namespace ArchGen.Graphs;

/// <summary>
/// A graph as text, one line for each node, for reading, snapshots and comparison:
/// <code>
/// graph llama -> output
///
/// tokens = tokens : [T]
/// token_embd.weight = weight : [32000, 64]
/// token_embd = get_rows(token_embd.weight, tokens) : [T, 64]
///
/// blk.0.attn_norm.weight = weight : [64]
/// blk.0.attn_norm = rms_norm(token_embd, weight: blk.0.attn_norm.weight, epsilon = 1E-05) : [T, 64]
/// "blk.0.ffn_gate (silu)" = silu(blk.0.ffn_gate) : [T, 128]
/// </code>
/// The first line names the graph and its output. A node's line has its name, the name of its operation, the required operands in
/// order, the optional ones by name after <c>:</c>, the numbers by name after <c>=</c>, and its shape.
/// Names with other characters than letters, digits and <c>_ . - /</c> are in quotes.
/// Empty lines, which separate the blocks, and lines that begin with <c>//</c> are ignored.
/// </summary>
public static class GraphText
{
    /// <summary>The text of a graph. Equal graphs have equal texts.</summary>
    public static string Print(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var text = new StringBuilder();
        text.Append("graph ").Append(Quote(graph.Name)).Append(" -> ").Append(Quote(graph.Output.Name)).Append('\n');
        var block = "";
        foreach (var node in graph.Nodes)
        {
            if (BlockName.Of(node) != block)
            {
                text.Append('\n');
                block = BlockName.Of(node);
            }

            text.Append(PrintNode(node)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The line of one node.</summary>
    public static string PrintNode(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var spec = OpTable.Of(node.Op);
        var arguments = new List<string>();
        for (var slot = 0; slot < node.Inputs.Count; slot++)
        {
            if (node.Inputs[slot] is not { } input) continue;
            arguments.Add(spec.Operands[slot].IsOptional ? $"{spec.Operands[slot].Name}: {Quote(input.Name)}" : Quote(input.Name));
        }

        foreach (var (key, value) in node.Attributes.Values) arguments.Add($"{Attributes.Name(key)} = {Number(key, value)}");
        var list = node.IsLeaf && arguments.Count == 0 ? "" : $"({string.Join(", ", arguments)})";
        return $"{Quote(node.Name)} = {spec.Word}{list} : {node.Shape}";
    }

    /// <summary>The graph of a text, verified.</summary>
    /// <exception cref="GraphException">The text is not a graph, or <see cref="GraphVerifier"/> finds a fault.</exception>
    public static Graph Parse(string text) => new GraphTextParser(Guard.NotNull(text)).Parse();

    internal static bool IsBare(string name)
    {
        if (name.Length == 0 || !(char.IsAsciiLetter(name[0]) || name[0] == '_')) return false;
        foreach (var c in name)
        {
            if (!IsBare(c)) return false;
        }

        return true;
    }

    internal static bool IsBare(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '/';

    private static string Quote(string name)
    {
        if (IsBare(name)) return name;
        var quoted = new StringBuilder("\"");
        foreach (var c in name)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029') quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }

    private static string Number(Attr key, double value) => key switch
    {
        Attr.Kind when RopeKindNames.Of((RopeKind)value) is { } name => name,
        Attr.Mask when Enum.IsDefined((AttentionMask)value) => ((AttentionMask)value).ToString().ToLowerInvariant(),
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}

using ArchGen.Graphs;

namespace ArchGen.Tools.Comparison;

/// <summary>Compares the names of llama.cpp's dump, which show an exchange: both values are in the dump, each under the other's name.</summary>
internal sealed class GgmlNames(IReadOnlyList<DumpedNode> dump)
{
    // The parts that a mistake exchanges: our names (GGUF's tensor, or the slice of a fused one), and llama.cpp's names.
    private static readonly (string[] Ours, string[] Theirs)[] Roles =
    [
        (["attn_q", "cross_attn_q", "(q)"], ["Qcur", "q_conv_predelta"]),
        (["attn_k", "cross_attn_k", "(k)"], ["Kcur", "k_conv_predelta"]),
        (["attn_v", "cross_attn_v", "(v)"], ["Vcur"]),
        (["ffn_gate", "ffn_gate_exps"], ["ffn_gate", "ffn_moe_gate"]),
        (["ffn_up", "ffn_up_exps"], ["ffn_up", "ffn_moe_up"]),
        (["token_embd"], ["embd", "model.embed_tokens"]),
        (["token_types"], ["token_types.weight"]),
        (["position_embd"], ["pos_embd"]),
    ];

    // The part that each entry has, and each node.
    private readonly int?[] _entries = [.. Enumerable.Range(0, dump.Count).Select(entry => RoleOf(dump, entry))];
    private readonly Dictionary<Node, int?> _nodes = [];

    /// <summary>Whether a node has one of these parts, and an entry another.</summary>
    public bool Conflict(Node node, int entry) => _entries[entry] is { } theirs && Known(node) is { } ours && ours != theirs;

    /// <summary>
    /// Whether an entry cannot be the counterpart of a node: it has another part; or the node looks up a table that the dump has under its name.
    /// </summary>
    public bool IsOther(Node node, int entry) =>
        Conflict(node, entry) || (node.Op == Op.GetRows && _entries[entry] is null && Known(node) is { } ours && _entries.Contains(ours));

    private int? Known(Node node)
    {
        if (!_nodes.TryGetValue(node, out var role)) _nodes.Add(node, role = RoleOf(node));
        return role;
    }

    private static int? RoleOf(Node node)
    {
        // blk.0.attn_qkv (k) (rope): the tensor, then the operations on it.
        var words = node.Name[(node.Name.LastIndexOf('.') + 1)..].Split(' ');
        return Find(role => role.Ours.Any(words.Contains)) ?? (node.Op is Op.Heads or Op.L2Norm or Op.Scale ? RoleOf(node.Input(Slot.X)) : null);
    }

    private static int? RoleOf(IReadOnlyList<DumpedNode> dump, int entry)
    {
        // An unnamed value is a part of the next one that continues it.
        while (IsUnnamed(dump[entry]) && entry + 1 < dump.Count && IsContinued(dump[entry], dump[entry + 1])) entry++;
        // Kcur-0 (view): the value, its layer, then the operations on it.
        var name = dump[entry].Name.Split(' ')[0].Split('-')[0];
        return Find(role => role.Theirs.Contains(name));
    }

    private static bool IsUnnamed(DumpedNode entry) => entry.Name.StartsWith("node_", StringComparison.Ordinal) || entry.Name.StartsWith(' ');

    private static bool IsContinued(DumpedNode entry, DumpedNode next) =>
        next.Operation == "REPEAT" || (next.Count == entry.Count && GgmlOperations.Continues(next.Operation));

    private static int? Find(Func<(string[] Ours, string[] Theirs), bool> holds)
    {
        var index = Array.FindIndex(Roles, role => holds(role));
        return index < 0 ? null : index;
    }
}

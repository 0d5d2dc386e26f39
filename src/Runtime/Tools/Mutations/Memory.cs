using ArchGen.Graphs;

namespace ArchGen.Tools.Mutations;

/// <summary>What an operation remembers of a sequence from one batch to the next.</summary>
internal static class Memory
{
    /// <summary>Whether it keeps a state, or keys and values.</summary>
    public static bool IsKept(Node node) =>
        node.Op == Op.Attention ? node.Attributes.Int32(Attr.Mask) == (int)AttentionMask.Causal : node.Inputs.Any(input => input?.Op == Op.State);
}

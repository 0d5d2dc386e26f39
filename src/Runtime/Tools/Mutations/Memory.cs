using ArchGen.Graphs;

namespace ArchGen.Tools.Mutations;

/// <summary>The cache or state that an operation carries from one batch of a sequence to the next.</summary>
internal static class Memory
{
    /// <summary>Whether a node keeps a state, or keys and values.</summary>
    public static bool IsKept(Node node) =>
        node.Op == Op.Attention ? node.Attributes.Int32(Attr.Mask) == (int)AttentionMask.Causal : node.Inputs.Any(input => input?.Op == Op.State);
}

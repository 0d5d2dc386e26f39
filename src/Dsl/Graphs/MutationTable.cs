namespace ArchGen.Graphs;

/// <summary>The mutations of every operation. A family's stand beside its shape rules.</summary>
internal static class MutationTable
{
    private static readonly Dictionary<Op, MutationRule> Rules = new[]
    {
        LinearMutations.Rules, NormMutations.Rules, ElementwiseMutations.Rules, LayoutMutations.Rules,
        SelectionMutations.Rules, AttentionMutations.Rules, RecurrentMutations.Rules,
    }.SelectMany(family => family).ToDictionary(rule => rule.Op, rule => rule.Rule);

    /// <summary>What can be wrong at a node; nothing at a leaf.</summary>
    public static IEnumerable<(string Name, NodeMutation Mutation)> Of(Node node) => node.IsLeaf ? [] : Rules[node.Op](node);
}

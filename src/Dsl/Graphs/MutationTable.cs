namespace ArchGen.Graphs;

/// <summary>The mutations of every operation. Those of a family are in the folder of its shape rules.</summary>
internal static class MutationTable
{
    private static readonly Dictionary<Op, MutationRule> Rules = new[]
    {
        LinearMutations.Rules, NormMutations.Rules, ElementwiseMutations.Rules, LayoutMutations.Rules,
        SelectionMutations.Rules, AttentionMutations.Rules, RecurrentMutations.Rules,
    }.SelectMany(family => family).ToDictionary(rule => rule.Op, rule => rule.Rule);

    /// <summary>The mutations of a node; none for a leaf.</summary>
    public static IEnumerable<(string Name, NodeMutation Mutation)> Of(Node node) => node.IsLeaf ? [] : Rules[node.Op](node);
}

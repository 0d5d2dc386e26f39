using ArchGen.Graphs;

namespace ArchGen.Tools.Mutations;

internal static class LinearMutations
{
    public static IEnumerable<(string, NodeRule)> Of(Node node)
    {
        var (bias, scale) = node.Op == Op.Linear ? (2, 3) : (3, 4);
        if (node.Has(bias)) yield return ("bias dropped", node.Without(bias));
        if (node.Has(scale)) yield return ("weight scale dropped", node.Without(scale));
    }
}

using ArchGen.Graphs;

namespace ArchGen.Tools.Mutations;

internal static class RecurrentMutations
{
    public static IEnumerable<(string, NodeRule)> Of(Node node)
    {
        if (node.Op == Op.CausalConv)
        {
            var kernel = node.Inputs[1]!.Shape[1].IsConstant(out var size) ? (int)size : 1;
            yield return ("convolution reversed", r =>
            {
                var operands = r.Operands(node);
                operands[1] = Reversed.LastDimension(r, node, operands[1], kernel);
                return r.Make(node, node.Op, operands, default);
            }
            );
            if (node.Has(2)) yield return ("bias dropped", node.Without(2));
            yield break;
        }

        // Operands of one shape, such as B and C of a selective scan, or query and key of a delta rule.
        for (var a = 0; a < node.Inputs.Count; a++)
        {
            for (var b = a + 1; b < node.Inputs.Count; b++)
            {
                if (!node.Has(a) || !node.Has(b) || !node.Inputs[a]!.Shape.Equals(node.Inputs[b]!.Shape)) continue;
                var (first, second) = (a, b);
                yield return ($"{node.Spec.Operands[a].Name} and {node.Spec.Operands[b].Name} swapped", r =>
                {
                    var operands = r.Operands(node);
                    (operands[first], operands[second]) = (operands[second], operands[first]);
                    return r.Make(node, node.Op, operands, node.Attributes);
                }
                );
            }
        }
    }
}

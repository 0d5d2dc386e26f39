using ArchGen.Graphs;

namespace ArchGen.Tools.Mutations;

internal static class ElementwiseMutations
{
    /// <summary>Whether it is a function of each element by itself.</summary>
    public static bool IsUnary(Op op) => op is Op.Scale or Op.Affine or Op.Clamp or Op.Silu or Op.Gelu or Op.GeluTanh or Op.GeluQuick or Op.Relu or Op.ReluSquared
        or Op.Sigmoid or Op.Tanh or Op.Softplus or Op.Exp;

    public static IEnumerable<(string, NodeRule)> Of(Node node) => node.Op switch
    {
        Op.Add => OfSum(node),
        Op.Subtract => [("subtrahend dropped", node.Dropped()), ("sum instead of difference", node.As(Op.Add))],
        Op.Multiply => OfProduct(node),
        Op.Divide => [(node.Inputs[1]!.Op == Op.Sum ? "weights not normalised" : "divisor dropped", node.Dropped())],
        Op.Scale => [("scale dropped", node.Dropped())],
        Op.Affine => node.Attributes.Find(Attr.Factor) == 1
            ? [("offset dropped", node.Dropped())]
            : [("offset dropped", node.With(Attr.Offset, 0)), ("factor dropped", node.With(Attr.Factor, 1))],
        Op.Clamp => [("clamp dropped", node.Dropped())],
        Op.Silu => [("activation replaced", node.As(Op.Gelu)), ("activation dropped", node.Dropped())],
        Op.Relu or Op.Gelu or Op.GeluTanh or Op.GeluQuick => [("activation replaced", node.As(Op.Silu)), ("activation dropped", node.Dropped())],
        Op.ReluSquared => [("activation replaced", node.As(Op.Relu)), ("activation dropped", node.Dropped())],
        Op.Sigmoid => [("softmax instead of sigmoid", node.As(Op.Softmax)), ("sigmoid dropped", node.Dropped())],
        Op.Tanh => [("softcap dropped", node.Dropped())],
        Op.Softplus => [("softplus dropped", node.Dropped())],
        Op.Exp => [("exponential dropped", node.Dropped())],
        _ => [],
    };

    private static IEnumerable<(string, NodeRule)> OfSum(Node node)
    {
        Node a = node.Inputs[0]!, b = node.Inputs[1]!;
        if (b.Op == Op.Weight || a.Op == Op.Weight) return [("bias dropped", node.Dropped(b.Op == Op.Weight ? 0 : 1))];
        // The stream that goes by is what the other summand is computed from.
        if (DependsOn(b, a)) return [("residual dropped", node.Dropped(1))];
        if (DependsOn(a, b)) return [("residual dropped", node.Dropped())];
        return Summands(node);
    }

    private static IEnumerable<(string, NodeRule)> Summands(Node node)
    {
        for (var kept = 0; kept < 2; kept++)
        {
            if (node.Inputs[kept]!.Shape.Equals(node.Shape)) yield return (kept == 0 ? "second summand dropped" : "first summand dropped", node.Dropped(kept));
        }
    }

    private static IEnumerable<(string, NodeRule)> OfProduct(Node node)
    {
        for (var kept = 0; kept < 2; kept++)
        {
            Node operand = node.Inputs[kept]!, other = node.Inputs[1 - kept]!;
            if (operand.Op == Op.Weight || !operand.Shape.Equals(node.Shape)) continue;
            yield return (other.Op == Op.Weight ? "factor dropped" : kept == 0 ? "second factor dropped" : "first factor dropped", node.Dropped(kept));
        }
    }

    private static bool DependsOn(Node node, Node source)
    {
        var seen = new HashSet<Node>();
        var pending = new Stack<Node>([node]);
        while (pending.TryPop(out var next))
        {
            if (next == source) return true;
            if (next.Id < source.Id || !seen.Add(next)) continue;
            foreach (var input in next.Inputs)
            {
                if (input is not null) pending.Push(input);
            }
        }

        return false;
    }
}

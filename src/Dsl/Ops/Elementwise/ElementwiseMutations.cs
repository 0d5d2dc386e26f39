using ArchGen.Graphs;

namespace ArchGen;

internal static class ElementwiseMutations
{
    public static readonly (Op Op, MutationRule Rule)[] Rules =
    [
        (Op.Add, Sum),
        (Op.Subtract, node => [("subtrahend dropped", node.Dropped(Slot.A)), ("sum instead of difference", node.As(Op.Add))]),
        (Op.Multiply, Product),
        (Op.Divide, node => [(node.Input(Slot.B).Op == Op.Sum ? "weights not normalised" : "divisor dropped", node.Dropped(Slot.A))]),
        (Op.Scale, node => [("scale dropped", node.Dropped(Slot.X))]),
        (Op.Affine, node => node.Attributes.Find(Attr.Factor) == 1
            ? [("offset dropped", node.Dropped(Slot.X))]
            : [("offset dropped", node.With(Attr.Offset, 0)), ("factor dropped", node.With(Attr.Factor, 1))]),
        (Op.Clamp, node => [("clamp dropped", node.Dropped(Slot.X))]),
        Activation(Op.Silu, Op.Gelu),
        Activation(Op.Relu, Op.Silu),
        Activation(Op.Gelu, Op.Silu),
        Activation(Op.GeluTanh, Op.Silu),
        Activation(Op.GeluQuick, Op.Silu),
        (Op.GeluTable, NodeMutations.None),
        Activation(Op.ReluSquared, Op.Relu),
        (Op.Xielu, node =>
        [
            ("activation replaced", node.As(Op.ReluSquared)),
            ("activation dropped", node.Dropped(Slot.X)),
            ("xIELU's alphas exchanged", r => r.Make(node, Op.Xielu, r.Operands(node), Exchanged(node.Attributes))),
            ("xIELU's beta dropped", node.With(Attr.Beta, 0)),
        ]),
        (Op.Sigmoid, node => [("softmax instead of sigmoid", node.As(Op.Softmax)), ("sigmoid dropped", node.Dropped(Slot.X))]),
        (Op.Tanh, node => [("softcap dropped", node.Dropped(Slot.X))]),
        (Op.Softplus, node => [("softplus dropped", node.Dropped(Slot.X))]),
        (Op.Exp, node => [("exponential dropped", node.Dropped(Slot.X))]),
        (Op.Sqrt, node => [("square root dropped", node.Dropped(Slot.X))]),
    ];

    private static Attributes Exchanged(Attributes numbers) => new(
        (Attr.AlphaPositive, numbers.Single(Attr.AlphaNegative)), (Attr.AlphaNegative, numbers.Single(Attr.AlphaPositive)),
        (Attr.Beta, numbers.Single(Attr.Beta)), (Attr.Epsilon, numbers.Single(Attr.Epsilon)));

    private static (Op, MutationRule) Activation(Op op, Op other) =>
        (op, node => [("activation replaced", node.As(other)), ("activation dropped", node.Dropped(Slot.X))]);

    private static IEnumerable<(string, NodeMutation)> Sum(Node node)
    {
        Node a = node.Input(Slot.A), b = node.Input(Slot.B);
        if (b.Op == Op.Weight || a.Op == Op.Weight) return [("bias dropped", node.Dropped(b.Op == Op.Weight ? Slot.A : Slot.B))];
        // The residual stream is the summand from which the other one is computed.
        if (DependsOn(b, a)) return [("residual dropped", node.Dropped(Slot.B))];
        if (DependsOn(a, b)) return [("residual dropped", node.Dropped(Slot.A))];
        return Summands(node);
    }

    private static IEnumerable<(string, NodeMutation)> Summands(Node node)
    {
        foreach (var kept in new[] { Slot.A, Slot.B })
        {
            if (!node.Input(kept).Shape.Equals(node.Shape)) continue;
            yield return (kept == Slot.A ? "second summand dropped" : "first summand dropped", node.Dropped(kept));
        }
    }

    private static IEnumerable<(string, NodeMutation)> Product(Node node)
    {
        foreach (var (kept, dropped) in new[] { (Slot.A, Slot.B), (Slot.B, Slot.A) })
        {
            Node operand = node.Input(kept), other = node.Input(dropped);
            if (operand.Op == Op.Weight || !operand.Shape.Equals(node.Shape)) continue;
            yield return (other.Op == Op.Weight ? "factor dropped" : kept == Slot.A ? "second factor dropped" : "first factor dropped", node.Dropped(kept));
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

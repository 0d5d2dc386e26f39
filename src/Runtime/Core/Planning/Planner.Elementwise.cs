using ArchGen.Graphs;
using ArchGen.Runtime.Elementwise;

namespace ArchGen.Runtime.Planning;

/// <content>
/// Elementwise operations. On a backend that computes chains, one whose only user is elementwise, too, waits for it and is computed with it; so what is
/// fused follows from the graph, and is listed nowhere.
/// </content>
internal sealed partial class Planner
{
    /// <summary>The nodes that wait for their user, each with those that wait for it.</summary>
    private readonly Dictionary<Node, Node[]> _waiting = [];

    private void Elementwise(Node node)
    {
        var most = _request.Backends[_backend].MaxChainOperands;
        if (most == 0)
        {
            Operate(node);
            return;
        }

        var nodes = WithWaiting(node);
        if (Operands(nodes).Count() > most)
        {
            // Too many together: those before it are computed first.
            foreach (var input in node.Inputs.OfType<Node>().Where(_waiting.ContainsKey)) ComputeChain(input);
            nodes = [node];
        }

        if (MayFuse && OnlyUser(node) is { } user && IsElementwise(user) && user.Shape.Equals(node.Shape)) _waiting[node] = nodes;
        else ComputeChain(node, nodes);
    }

    private static bool IsElementwise(Node node) => ElementwiseOp.Is(node.Op);

    private Node[] WithWaiting(Node node) =>
        [.. node.Inputs.OfType<Node>().Distinct().Where(_waiting.ContainsKey).SelectMany(input => _waiting[input]).Distinct().OrderBy(n => n.Id), node];

    private static IEnumerable<Node> Operands(Node[] nodes) => nodes.SelectMany(n => n.Inputs.OfType<Node>()).Except(nodes).Distinct();

    private void ComputeChain(Node node) => ComputeChain(node, _waiting[node]);

    private void ComputeChain(Node node, Node[] nodes)
    {
        foreach (var member in nodes)
        {
            _waiting.Remove(member);
            _scheduled.Add(member);
        }

        var chain = new Chain(nodes);
        var operands = chain.Operands.Select(ValueOf).ToArray();
        var result = ChainInPlace(node, operands) ?? NewValue(node);
        Emit(new ChainOperation(node, chain, operands, result));
        foreach (var member in nodes[..^1]) AddWork(member);
        Finish(node, result);
    }

    // Each element is written where it was read; so nothing else may read from there.
    private PlanValue? ChainInPlace(Node node, PlanValue[] operands)
    {
        foreach (var operand in operands)
        {
            if (operands.Count(other => other.Buffer == operand.Buffer) == 1 && InPlace(node, operand) is { } result) return result;
        }

        return null;
    }

    /// <summary>
    /// What a product applies to its result: the elementwise operations that follow it, as long as each is the only user of the one before, has its shape, and
    /// reads nothing else that is still to be computed. Null if there are none.
    /// </summary>
    /// <param name="product">The product.</param>
    /// <param name="last">The node whose value the chain computes.</param>
    private ProductChain? ChainAfter(Node product, out Node last)
    {
        last = product;
        if (!MayFuse || _request.Backends[_backend].MaxChainOperands == 0 || product.Shape.Rank != 2) return null;
        var nodes = new List<Node>();
        while (OnlyUser(last) is { } user && IsElementwise(user) && user.Shape.Equals(product.Shape) && IsReady(user, last))
        {
            nodes.Add(user);
            last = user;
        }

        if (nodes.Count == 0) return null;
        _scheduled.Add(product);
        foreach (var member in nodes) _scheduled.Add(member);
        var chain = new Chain(nodes, product);
        return new ProductChain(chain, [.. chain.Operands.Skip(1).Select(ValueOf)]);
    }

    // A value that stands for all rows of the product in matrices of two dimensions.
    private bool IsReady(Node user, Node before) => user.Inputs.OfType<Node>().All(input => input == before
        || (input.Shape.Rank <= 2 && (input.Op == Op.Weight || _homes.ContainsKey(input))));
}

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
    /// What a node applies to its result, if its backend can: the elementwise operations that follow it, as long as each is the only user of the one before and
    /// has its shape. What else they read is computed already, or is an elementwise operation that only they use. Null if there are none.
    /// </summary>
    /// <param name="node">The node, such as a product.</param>
    /// <param name="op">The operation that computes it: its own, but for a gated product.</param>
    /// <param name="last">The node whose value the chain computes.</param>
    private ResultChain? ChainAfter(Node node, Op op, out Node last)
    {
        last = node;
        if (!MayFuse || !_request.Backends[_backend].AppliesChains(op)) return null;
        var (nodes, early) = (new List<Node>(), new List<Node>());
        while (OnlyUser(last) is { } user && TryFollow(user, last, nodes, early)) last = user;
        if (nodes.Count == 0) return null;
        early.ForEach(Schedule);
        _scheduled.Add(node);
        foreach (var member in nodes)
        {
            _waiting.Remove(member);
            _scheduled.Add(member);
        }

        var chain = new Chain(nodes, node);
        return new ResultChain(chain, [.. chain.Operands.Skip(1).Select(ValueOf)]);
    }

    // Takes an operation, after those that only it uses and what can be scheduled early; nothing if it needs what is still to be computed.
    private bool TryFollow(Node node, Node before, List<Node> nodes, List<Node> early)
    {
        var (nodeCount, earlyCount) = (nodes.Count, early.Count);
        var follows = IsElementwise(node) && node.Shape.Equals(before.Shape) && _request.Placement(node) == _backend;
        foreach (var input in node.Inputs.OfType<Node>())
            follows = follows && (input == before || IsReady(input, early) || (OnlyUser(input) == node && TryFollow(input, before, nodes, early)));
        if (follows)
        {
            nodes.Add(node);
            return true;
        }

        nodes.RemoveRange(nodeCount, nodes.Count - nodeCount);
        early.RemoveRange(earlyCount, early.Count - earlyCount);
        return false;
    }

    // A weight, or a value that is computed or can be seen.
    private bool IsReady(Node node, List<Node> early) => node.Op == Op.Weight || IsKnown(node, early);

    // It is computed, or a view of what is, or rows of it, as those of the residual in the last block.
    private bool IsKnown(Node node, List<Node> early)
    {
        if (_homes.ContainsKey(node)) return true;
        if (!(IsView(node) || node.Op == Op.SelectOutputs) || _request.Placement(node) != _backend || !IsKnown(node.Inputs[0]!, early)) return false;
        if (!early.Contains(node)) early.Add(node);
        return true;
    }

    /// <summary>Finishes a node with what is applied to its result.</summary>
    private void FinishChain(Node node, ResultChain? after, Node last, PlanValue result)
    {
        if (after is not null)
        {
            AddWork(node);
            foreach (var member in after.Chain.Nodes.SkipLast(1)) AddWork(member);
        }

        Finish(last, result);
    }
}

using ArchGen.Graphs;

namespace ArchGen.Tools.Quantization.Roles;

/// <summary>
/// Finds the role of each tensor of an architecture in its symbolic graph: a matrix whose product is the values of an attention has that role,
/// whatever its name.
/// </summary>
internal sealed class GraphRoles
{
    private readonly IReadOnlyList<OutlineNode> _nodes;
    private readonly Dictionary<string, TensorRole> _roles;

    private GraphRoles(GraphOutline outline, Dictionary<string, TensorRole> roles) => (_nodes, _roles) = (outline.Nodes, roles);

    /// <summary>The roles by name, with <c>{i}</c> for the layer's index.</summary>
    public static Dictionary<string, TensorRole> Of(IEnumerable<GraphOutline> outlines)
    {
        var roles = new Dictionary<string, TensorRole>(StringComparer.Ordinal);
        foreach (var outline in outlines) new GraphRoles(outline, roles).Find();
        return roles;
    }

    /// <summary>Later findings give way to earlier ones, so the surest come first.</summary>
    private void Find()
    {
        foreach (var node in _nodes)
        {
            switch (node.Op)
            {
                case Op.GetRows:
                    var readsTokens = Input(node, Slot.Ids).Any(ids => ids.Op == Op.Tokens);
                    Assign(Input(node, Slot.Table), readsTokens ? TensorRole.TokenEmbedding : TensorRole.Parameter);
                    break;
                case Op.TopK or Op.SparseMixer or Op.TopGroups:
                    AssignSources(Input(node, Slot.X), TensorRole.Parameter);
                    break;
            }
        }

        foreach (var node in _nodes.Where(n => n.IsOutput)) AssignSources(Through(node, IsScaling), TensorRole.Output);
        var attentions = _nodes.Where(n => Spec(n).Has(Slot.Value)).ToList();
        (Slot, TensorRole)[] slots =
            [(Slot.Value, TensorRole.AttentionValue), (Slot.Key, TensorRole.AttentionKey), (Slot.Query, TensorRole.AttentionQuery)];
        foreach (var (slot, role) in slots)
        {
            foreach (var node in attentions) AssignSources(Input(node, slot), role);
        }

        foreach (var node in _nodes.Where(IsProduct)) Read(node);
        foreach (var node in _nodes)
        {
            // A weight that no matrix product reads is no matrix.
            foreach (var (slot, id) in node.Inputs)
            {
                var isMatrix = Spec(node) is { IsProduct: true } spec && spec.Operands[slot].Slot == Slot.Weight;
                if (_nodes[id].Op == Op.Weight) _roles.TryAdd(_nodes[id].Name, isMatrix ? TensorRole.Matrix : TensorRole.Parameter);
            }
        }
    }

    /// <summary>Finds by the inputs of a product whether it is the last of an attention or a feed-forward network.</summary>
    private void Read(OutlineNode product)
    {
        var sources = Sources(Input(product, Slot.X));
        if (sources.Keys.Any(n => Spec(n) is { Family: OpFamily.Attention } spec && spec.Has(Slot.Value)))
            Assign(Input(product, Slot.Weight), TensorRole.AttentionOutput);
        if (!sources.Values.Any(path => path.HasFlag(Paths.Activated)) || !sources.Keys.All(IsProduct)) return;
        Assign(Input(product, Slot.Weight), TensorRole.FeedForwardDown);
        if (Input(product, Slot.Weight).All(w => _roles[w.Name] != TensorRole.FeedForwardDown)) return;
        // Where a gate is optional, the other matrix is in both branches.
        var matrices = sources.SelectMany(s => Input(s.Key, Slot.Weight), (s, weight) => (weight.Name, Path: s.Value)).GroupBy(m => m.Name, m => m.Path)
            .ToDictionary(g => g.Key, g => g.Aggregate((one, other) => one | other));
        var isGated = matrices.Values.Any(path => path != Paths.Activated);
        foreach (var (name, path) in matrices) _roles.TryAdd(name, isGated && path == Paths.Activated ? TensorRole.FeedForwardGate : TensorRole.FeedForwardUp);
    }

    /// <summary>The nearest products, sequence operations and streams from which nodes are computed, and whether activations are between.</summary>
    private Dictionary<OutlineNode, Paths> Sources(IEnumerable<OutlineNode> nodes)
    {
        var reached = new Dictionary<OutlineNode, Paths>(ReferenceEqualityComparer.Instance);
        var seen = new HashSet<(OutlineNode, bool, bool)>();
        foreach (var node in nodes) Visit(node, afterNorm: false, activated: false);
        return reached;

        void Visit(OutlineNode node, bool afterNorm, bool activated)
        {
            if (!seen.Add((node, afterNorm, activated))) return;
            // A sum before a norm is the residual stream, or that of a recurrence; it does not belong to this product alone.
            var isEnd = Spec(node).Rows == RowDependence.Others || (node.Op == Op.Add && afterNorm);
            if (isEnd || IsProduct(node))
            {
                reached[node] = reached.GetValueOrDefault(node) | (activated ? Paths.Activated : Paths.Plain);
                return;
            }

            var (isNorm, isNonlinear) = (Spec(node).Family == OpFamily.Norm, Spec(node).Nonlinearity != Nonlinearity.None);
            foreach (var input in Operands(node)) Visit(input, afterNorm || isNorm, activated || isNonlinear);
        }
    }

    /// <summary>Gives a role to the matrices whose products reach some nodes.</summary>
    private void AssignSources(IEnumerable<OutlineNode> nodes, TensorRole role)
    {
        var seen = new HashSet<OutlineNode>(ReferenceEqualityComparer.Instance);
        foreach (var node in nodes) Visit(node);

        void Visit(OutlineNode node)
        {
            if (!seen.Add(node)) return;
            if (IsProduct(node)) Assign(Input(node, Slot.Weight), role);
            else if (!IsEnd(Spec(node)))
                foreach (var input in Operands(node)) Visit(input);
        }
    }

    /// <summary>A product, or the products from which a node is computed by operations of one kind alone.</summary>
    private IEnumerable<OutlineNode> Through(OutlineNode node, Func<Op, bool> kind) =>
        IsProduct(node) ? [node] : kind(node.Op) ? Operands(node).SelectMany(n => Through(n, kind)) : [];

    private void Assign(IEnumerable<OutlineNode> weights, TensorRole role)
    {
        foreach (var weight in weights.Where(n => n.Op == Op.Weight)) _roles.TryAdd(weight.Name, role);
    }

    private IEnumerable<OutlineNode> Input(OutlineNode node, Slot slot)
    {
        var index = Spec(node).IndexOf(slot);
        return node.Inputs.Where(i => i.Slot == index).Select(i => _nodes[i.Node]);
    }

    /// <summary>The operands of a node; not the weight of a norm, a convolution or a product per head, nor the indices of a choice.</summary>
    private IEnumerable<OutlineNode> Operands(OutlineNode node) =>
        Spec(node) is var spec && spec.Has(Slot.X) && (spec.Has(Slot.Weight) || spec.Has(Slot.Factors) || spec.Has(Slot.Ids))
            ? Input(node, Slot.X)
            : node.Inputs.Select(i => _nodes[i.Node]);

    /// <summary>
    /// Whether no matrix before a node belongs to its result: a table, or an operation that mixes tokens. A convolution only filters its input.
    /// </summary>
    private static bool IsEnd(OpSpec spec) => spec.Has(Slot.Table) || (spec.Rows == RowDependence.Others && !spec.Has(Slot.Weight));

    [Flags]
    private enum Paths
    {
        Plain = 1,
        Activated = 2,
    }

    private static bool IsProduct(OutlineNode node) => node.Op is Op.Linear or Op.ExpertLinear;

    private static bool IsScaling(Op op) => op is Op.Scale or Op.Affine or Op.Tanh or Op.Multiply or Op.Divide or Op.Clamp;

    private static OpSpec Spec(OutlineNode node) => OpTable.Of(node.Op);
}

using ArchGen.Graphs;
using ArchGen.Tools.Quantization.Roles;

namespace ArchGen.Tools.Recipes.Invention;

/// <summary>
/// Rules for the weights of a model by what its graphs do with each: so scaled that every part matters and nothing grows from layer to layer.
/// </summary>
internal sealed class InventedWeights
{
    // The deviation of a product's result for an input of deviation 1.
    private const double Gain = 1.3;

    // The same for queries and keys: scores are sharp enough that a wrong one shows.
    private const double GainOfScores = 2.6;

    // Results of models are below; a limit beyond is none.
    private const double MaxLimit = 100;

    private static readonly WeightRule Factor = new("normal", 1, 0.3);

    private readonly TensorRoles _roles;
    private readonly double _gainOfScores;
    private readonly Dictionary<string, WeightRule> _rules = new(StringComparer.Ordinal);

    /// <param name="architecture">The architecture.</param>
    /// <param name="graphs">Its graphs.</param>
    public InventedWeights(ArchitectureInfo architecture, IEnumerable<Graph> graphs)
    {
        _roles = new TensorRoles(architecture);
        // An attention that does not divide by the root of the head's size has weights that do (T5).
        var excess = graphs.SelectMany(graph => graph.Nodes).Where(node => node.Spec.Has(Slot.Query)).Select(Excess).DefaultIfEmpty(1).Max();
        _gainOfScores = GainOfScores / Math.Sqrt(Math.Max(excess, 1));
        foreach (var graph in graphs)
        {
            foreach (var node in graph.Nodes)
            {
                for (var i = 0; i < node.Inputs.Count; i++)
                {
                    if (node.Inputs[i] is { Op: Op.Weight } weight) _rules.TryAdd(weight.Name, RuleOf(graph, node, node.Spec.Operands[i].Slot, weight));
                }
            }
        }
    }

    /// <summary>The rule of a tensor; one that no graph reads is a factor near 1.</summary>
    public WeightRule this[string tensor] => _rules.GetValueOrDefault(tensor, Factor);

    private WeightRule RuleOf(Graph graph, Node node, Slot slot, Node weight) => slot switch
    {
        // Position tables and a sum of embeddings are as large as what they are added to.
        Slot.Table => new WeightRule("normal", 0, 0.7),
        Slot.Weight when node.Op == Op.CausalConv => new WeightRule("normal", 0, 0.4),
        Slot.Weight when node.Spec.Family == OpFamily.Norm => Factor,
        Slot.Weight => Matrix(graph, node, weight),
        Slot.Sinks => new WeightRule("normal", 0, 1),
        Slot.Factors => new WeightRule("one_plus_abs", 1, 0.5),
        Slot.Bias when node.Spec.Family == OpFamily.Attention => new WeightRule("normal", 0, 0.7),
        Slot.Scale => Factor,
        // Decay rates: exp of a negative number times a step.
        Slot.A when node.Spec.Family == OpFamily.Recurrent => new WeightRule("negative", 0, 0),
        Slot.A or Slot.B when node.Op == Op.Multiply => IsDecay(graph, node) ? new WeightRule("negative", 0, 0) : Factor,
        Slot.B when node.Op == Op.Divide => Factor,
        _ => new WeightRule("normal", 0, 0.2),
    };

    private WeightRule Matrix(Graph graph, Node product, Node weight)
    {
        var inputs = weight.Shape[^1].IsConstant(out var size) ? size : 1;
        var gain = _roles[weight.Name] is TensorRole.AttentionQuery or TensorRole.AttentionKey ? _gainOfScores : Math.Max(Gain, Limit(graph, product));
        return new WeightRule("normal", 0, Math.Round(gain / Math.Sqrt(inputs), 4));
    }

    private static double Excess(Node attention) =>
        attention.Input(Slot.Key).Shape[^1].IsConstant(out var size) && attention.Attributes.Find(Attr.Factor) is { } scale ? scale * Math.Sqrt(size) : 1;

    /// <summary>The limit that a product's result is clamped to, so that some of it is beyond; 0 without a limit.</summary>
    private static double Limit(Graph graph, Node product) => graph.Nodes.Where(user => user.Op == Op.Clamp && user.Input(Slot.X) == product)
        .Select(clamp => Math.Abs(clamp.Attributes.Find(Attr.Max) ?? 0)).Where(limit => limit < MaxLimit).DefaultIfEmpty(0).Max();

    /// <summary>Whether a product is the logarithm of a decay, perhaps by way of operations that keep its sign.</summary>
    private static bool IsDecay(Graph graph, Node product) => graph.Nodes.Any(user =>
        user.Find(Slot.Decay) == product || (user.Op is Op.Heads or Op.Flatten or Op.RepeatHeads && user.Find(Slot.X) == product && IsDecay(graph, user)));
}

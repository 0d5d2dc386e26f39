using ArchGen.Eager;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;

namespace ArchGen.Tools.Comparison;

/// <summary>The values of every node that one run of a prompt computed, the rows of all batches together.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class Trace
{
    private readonly Dictionary<(string Graph, string Node), List<float>> _values = [];

    private Trace(ModelGraphs graphs, IReadOnlyList<int> tokens, string name) => (Graphs, Tokens, Name) = (graphs, tokens, name);

    /// <summary>The graphs.</summary>
    public ModelGraphs Graphs { get; }

    /// <summary>The prompt.</summary>
    public IReadOnlyList<int> Tokens { get; }

    /// <summary>The description of the run, in words.</summary>
    public string Name { get; }

    /// <summary>Runs a prompt through the graphs.</summary>
    /// <exception cref="ArchGenException">
    /// The prompt or the graphs cannot be run: see <see cref="ModelGraphs.Run(ReadOnlySpan{int}, RunMode, Func{Graph, NodeObserver})"/>.
    /// </exception>
    public static Trace Run(ModelGraphs graphs, IReadOnlyList<int> tokens, RunMode mode, string name)
    {
        ArgumentNullException.ThrowIfNull(graphs);
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(mode);
        var trace = new Trace(graphs, tokens, name);
        graphs.Run([.. tokens], mode, graph => (node, values, _) => trace.Append(graph, node, values));
        return trace;
    }

    /// <summary>Runs a prompt through the declared forward pass, one reference operation at a time, all tokens in one batch.</summary>
    /// <param name="model">The model.</param>
    /// <param name="graphs">Its graphs.</param>
    /// <param name="tokens">The prompt.</param>
    /// <param name="cancellation">Ends the run between two operations.</param>
    public static Trace RunEager(LoadedModel model, ModelGraphs graphs, IReadOnlyList<int> tokens, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(graphs);
        ArgumentNullException.ThrowIfNull(tokens);
        var trace = new Trace(graphs, tokens, "eager");
        int[] ids = [.. tokens];
        if (model.Model is EncoderDecoderModel translator)
        {
            var encoded = translator.Evaluate(
                EncoderDecoderModel.EncoderGraph, model.Source, ids, observer: trace.Steps(graphs.Encoder!), cancellation: cancellation);
            translator.Decode(model.Source, encoded, ids, trace.Steps(graphs.Main), cancellation: cancellation);
        }
        else
        {
            model.Model.Evaluate(model.Source, ids, trace.Steps(graphs.Main), cancellation: cancellation);
        }

        return trace;
    }

    /// <summary>The values of a node, row-major; null if it was not computed.</summary>
    public float[]? Find(string graph, string node) => _values.TryGetValue((graph, node), out var values) ? [.. values] : null;

    /// <summary>The dimensions of a node's values, slowest first.</summary>
    public int[] DimsOf(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return [.. node.Shape.Select(d => (int)(d.Evaluate(_ => Tokens.Count) ?? 0))];
    }

    private void Append(Graph graph, Node node, ReadOnlySpan<float> values)
    {
        if (node.Op == Op.SelectOutputs) return;
        var key = (graph.Name, node.Name);
        var isPerToken = node.Shape.Rank > 0 && !node.Shape[0].IsConstant(out _) && !node.Shape[0].Equals(Dim.EncoderTokens);
        if (!_values.TryGetValue(key, out var all) || !isPerToken) _values[key] = all = [];
        all.AddRange(values);
    }

    // The graph and the eager run come from the same forward pass, so their operations correspond one by one.
    private Action<string, Op, Operand> Steps(Graph graph)
    {
        var nodes = graph.Nodes.Where(n => n.Step >= 0).ToDictionary(n => n.Step);
        var step = 0;
        return (_, op, result) =>
        {
            if (!nodes.TryGetValue(step++, out var node)) return;
            if (node.Op != op)
            {
                throw new ArchGenException($"{graph.Name}: operation {step} of the forward pass is {OpTable.Of(op).Word}, "
                    + $"and {OpTable.Of(node.Op).Word} of {node.Name} in the graph. The graph is not that of this forward pass: please report it.");
            }

            _values[(graph.Name, node.Name)] = [.. result.Values];
        };
    }
}

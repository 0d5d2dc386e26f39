using ArchGen.Fixtures;
using ArchGen.Graphs;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>Where llama.cpp computes another model than the author's: what docs/differences.md says is the whole difference.</summary>
public sealed class DifferenceTests
{
    [Fact]
    public void Phi_3_5_MoE_with_RMS_norm_softmax_and_no_window_is_that_of_llama_cpp()
    {
        using var model = new RecipeModel("phimoe");
        // The reference's context, beyond the trained one: it took the long factors.
        var graph = model.Model.BuildGraph(new GraphOptions { SequenceLength = 256 });
        Assert.True(Error(graph) > 0.1);
        Assert.True(Error(AsLlamaCpp(graph)) <= 1e-8, $"NMSE {Error(AsLlamaCpp(graph)):E2}");

        double Error(Graph g) =>
            ArchitectureFixture.NormalizedError(model.Fixture.Expected, new GraphInterpreter(model.File).Run(g, model.Fixture.Tokens).Values);
    }

    [Fact]
    public void StarCoder2_without_its_window_is_that_of_llama_cpp()
    {
        using var model = new RecipeModel("starcoder2");
        var interpreter = new GraphInterpreter(model.File);
        Assert.True(model.Error(interpreter) > 0.01, $"NMSE {model.Error(interpreter):E2}");
        var error =
            ArchitectureFixture.NormalizedError(model.Fixture.Expected, interpreter.Run(WithoutWindow(model.Model.BuildGraph()), model.Fixture.Tokens).Values);
        Assert.True(error <= 1e-6, $"NMSE {error:E2}");
    }

    [Fact]
    public void DeciLM_without_attention_in_layers_without_a_feed_forward_network_is_that_of_llama_cpp() =>
        Assert.InRange(Error("deci-rich", graph => Rewritten(graph, (b, node, operands) => node.Name == "blk.4.attn_output (add)" ? operands[0]
            : b.Add(node.Name, node.Op, operands, node.Attributes))), 0, 1e-8);

    [Fact]
    public void Jina_2_for_code_with_the_gate_first_is_that_of_llama_cpp() =>
        Assert.InRange(Error("jina-bert-v2-code", graph => Rewritten(graph, (b, node, operands) => node.Op == Op.Slice
            ? b.Add(node.Name, node.Op, operands, OtherHalf(node.Attributes.Single(Attr.Start), node.Attributes.Single(Attr.Length)))
            : b.Add(node.Name, node.Op, operands, node.Attributes))), 0, 1e-6);

    private static Attributes OtherHalf(float start, float length) => new((Attr.Start, start == 0 ? length : 0), (Attr.Length, length));

    /// <summary>The distance of a rewritten graph's result from llama.cpp's; that of the graph as it is is large.</summary>
    private static double Error(string recipe, Func<Graph, Graph> rewrite)
    {
        using var model = new RecipeModel(recipe);
        var interpreter = new GraphInterpreter(model.File);
        Assert.True(model.Error(interpreter) > 0.1);
        var rewritten = interpreter.Run(rewrite(model.Model.BuildGraph()), model.Fixture.Tokens);
        return ArchitectureFixture.NormalizedError(model.Fixture.Expected, rewritten.Values);
    }

    private static Graph WithoutWindow(Graph graph) => Rewritten(graph, (b, node, operands) => node.Op == Op.Attention
        ? b.Add(node.Name, node.Op, operands, new([.. node.Attributes.Values.ToArray().Where(a => a.Key != Attr.Window), (Attr.Window, 0)]))
        : b.Add(node.Name, node.Op, operands, node.Attributes));

    private static Graph AsLlamaCpp(Graph graph) => Rewritten(WithoutWindow(graph), (b, node, operands) => node.Op switch
    {
        Op.LayerNorm => b.Add(node.Name + " (add)", Op.Add, [b.Add(node.Name, Op.RmsNorm, operands[..2], node.Attributes), operands[2]], default),
        Op.SparseMixer => b.Add(node.Name, Op.Softmax, [b.Add(node.Name + " (gather)", Op.Gather, operands, default)], default),
        _ => b.Add(node.Name, node.Op, operands, node.Attributes),
    });

    private static Graph Rewritten(Graph graph, Func<GraphBuilder, Node, int[], int> add)
    {
        var b = new GraphBuilder(graph.Name);
        var ids = new Dictionary<Node, int>();
        foreach (var node in graph.Nodes)
        {
            ids[node] = node.IsLeaf
                ? b.Leaf(node.Op, node.Name, node.Shape)
                : add(b, node, [.. node.Inputs.Select(input => input is null ? -1 : ids[input])]);
        }

        return b.Build(ids[graph.Output]);
    }
}

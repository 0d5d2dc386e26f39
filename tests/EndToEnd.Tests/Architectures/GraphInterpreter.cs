using ArchGen.Eager;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Runtime.Loading;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>Computes a graph node by node with the reference operations.</summary>
internal sealed class GraphInterpreter(GgufFile file)
{
    private readonly GgufModelSource _source = new(file);

    /// <summary>How GELU is computed.</summary>
    public GeluPrecision Gelu { get; init; }

    public Operand Run(Graph graph, int[] tokens, Operand? encoded = null)
    {
        int[] positions = [.. Enumerable.Range(0, tokens.Length)];
        var values = new Operand[graph.Nodes.Count];
        foreach (var node in graph.Nodes)
        {
            values[node.Id] = node.Op switch
            {
                Op.Tokens => new Operand(Array.ConvertAll(tokens, t => (float)t), [tokens.Length]),
                Op.Positions => new Operand(Array.ConvertAll(positions, p => (float)p), [tokens.Length]),
                Op.Segments => new Operand(new float[tokens.Length], [tokens.Length]),
                Op.Encoded => encoded!,
                Op.Weight => new Operand(_source.Read(node.Name), Sizes(node, tokens.Length)),
                Op.State => new Operand(new float[Sizes(node, tokens.Length).Aggregate(1, (a, b) => a * b)], Sizes(node, tokens.Length)),
                _ => Compute(node, [.. node.Inputs.Select(i => i is null ? null : values[i.Id])], tokens.Length, positions),
            };
        }

        return values[graph.Output.Id];
    }

    private Operand Compute(Node node, Operand?[] inputs, int tokens, int[] positions) =>
        Reference.Run(GeluTable.Of(node.Op, Gelu), node.Attributes, inputs, Sizes(node, tokens), positions);

    private static int[] Sizes(Node node, int tokens) => [.. node.Shape.Select(d => (int)d.Evaluate(_ => tokens)!.Value)];
}

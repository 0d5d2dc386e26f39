using ArchGen.Eager;
using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;

namespace ArchGen.Fixtures;

/// <summary>Runs a graph of a model beside that of its forward pass.</summary>
public static class NamedGraph
{
    /// <summary>The results of all tokens of one sequence, row-major.</summary>
    /// <param name="model">The model.</param>
    /// <param name="graph">The graph's name.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="rows">Each token's row of another graph, for a graph that reads such.</param>
    /// <param name="backend">What computes.</param>
    /// <param name="batchSize">Tokens at once at most.</param>
    /// <param name="placement">The backend of a node, if it is another.</param>
    public static float[] Run(
        LoadedModel model, string graph, int[] tokens, Operand? rows, IBackend backend, int batchSize = int.MaxValue, Func<Node, IBackend?>? placement = null)
    {
        var options = new ContextOptions
        {
            Backend = backend,
            Placement = placement,
            ContextLength = tokens.Length,
            MaxBatch = Math.Min(batchSize, tokens.Length),
            CacheType = CacheType.F32,
        };
        using var context = model.CreateContext(graph, options);
        var batch = new Batch();
        for (var i = 0; i < tokens.Length; i++)
            batch.Add(tokens[i], i, sequence: 0, wantOutput: true, rows is null ? [] : rows.Values.AsSpan(i * rows.Width, rows.Width));
        context.Evaluate(batch);
        var results = new float[tokens.Length * context.Width];
        for (var i = 0; i < tokens.Length; i++) context.Output(i).CopyTo(results.AsSpan(i * context.Width));
        return results;
    }
}

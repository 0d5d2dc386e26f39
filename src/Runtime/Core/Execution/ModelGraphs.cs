using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Generation;

namespace ArchGen.Runtime.Execution;

/// <summary>The graphs of a model for prompts of one length, and their weights.</summary>
/// <param name="File">The weights.</param>
/// <param name="Encoder">The encoder's graph of an encoder-decoder, otherwise null.</param>
/// <param name="Main">The graph whose result is the model's.</param>
public sealed record ModelGraphs(GgufFile File, Graph? Encoder, Graph Main)
{
    /// <summary>Both graphs, the encoder's first.</summary>
    public IEnumerable<Graph> All => Encoder is null ? [Main] : [Encoder, Main];

    /// <summary>Whether tokens see later ones, so that a prompt cannot be split into batches.</summary>
    public bool IsBidirectional => Main.IsBidirectional;

    /// <summary>The graphs of a model for prompts of a number of tokens.</summary>
    public static ModelGraphs Of(LoadedModel model, int tokens)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(model.File, model.EncoderGraph, model.Model.BuildGraph(new GraphOptions { SequenceLength = tokens }));
    }

    /// <summary>The same with another graph in the place of one of them.</summary>
    public ModelGraphs With(Graph graph, Graph replacement) => graph == Main ? this with { Main = replacement } : this with { Encoder = replacement };

    /// <summary>Runs a prompt; an encoder-decoder encodes it and decodes the same tokens.</summary>
    /// <param name="tokens">The prompt.</param>
    /// <param name="mode">The options of the run.</param>
    /// <param name="observer">Returns the observer of a graph, which receives each node's values once computed, batch by batch; nothing is fused then.</param>
    /// <returns>The results of all tokens, row-major: [tokens, vocab], or [tokens, embd].</returns>
    /// <exception cref="ArchGenException">A token is not in the vocabulary, a weight is missing, or the numbers of a node do not fit its shapes.</exception>
    public float[] Run(ReadOnlySpan<int> tokens, RunMode mode, Func<Graph, NodeObserver>? observer = null)
    {
        ArgumentNullException.ThrowIfNull(mode);
        var encoded = Encoder is null ? null : Run(Encoder, null, tokens, mode, observer);
        return Run(Main, encoded, tokens, mode, observer);
    }

    private float[] Run(Graph graph, float[]? encoded, ReadOnlySpan<int> tokens, RunMode mode, Func<Graph, NodeObserver>? observer)
    {
        var options = new ContextOptions
        {
            ContextLength = tokens.Length,
            MaxBatch = Math.Min(mode.BatchSize, tokens.Length),
            CacheType = mode.CacheType,
            Backend = mode.Backend,
            Placement = mode.Placement,
            Gelu = mode.Gelu,
        };
        using var context = new InferenceContext(graph, File, options, observer?.Invoke(graph));
        if (encoded is not null) context.SetEncoded(encoded, tokens.Length, mode.Cancellation);
        var results = new float[checked(tokens.Length * context.Width)];
        var batch = new Batch();
        for (var i = 0; i < tokens.Length; i++) batch.Add(tokens[i], i, sequence: 0, wantOutput: true);
        context.Evaluate(batch, Copy, mode.Cancellation);
        return results;

        void Copy(int first, int end)
        {
            for (var i = first; i < end; i++) context.Output(i).CopyTo(results.AsSpan(i * context.Width));
        }
    }
}

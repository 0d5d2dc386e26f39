using ArchGen.Generation;
using ArchGen.Recipes;
using ArchGen.Runtime;

namespace ArchGen.Sabotage;

/// <summary>
/// Whether a model's numeric check is worth something: each <see cref="Mutation"/> of its graphs is run, and must leave the expected results.
/// Expected is what a recipe recorded; or, where there is no record, or the model as it should be does not reproduce it, what the forward pass
/// computes as it is written.
/// </summary>
public sealed class SabotageCheck
{
    // What agreement in f32 comes to; that of a reference that reads its activation from a table in half precision; that where such errors are magnified.
    private static readonly double[] Tolerances = [1e-8, 1e-6, 1e-4];

    private readonly RunMode _mode;
    private readonly ModelGraphs _graphs;
    private readonly int[] _tokens;
    private readonly float[] _expected;

    /// <summary>Runs the model as it should be.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">The prompt.</param>
    /// <param name="recorded">The recorded results for it, or null.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="cancellation">Ends a run between two steps, of this and of every <see cref="Run"/>.</param>
    /// <exception cref="ArchGenException">The results are not those of this model, or its own runs differ.</exception>
    public SabotageCheck(LoadedModel model, IReadOnlyList<int> tokens, float[]? recorded, int threads, CancellationToken cancellation = default)
    {
        _mode = new RunMode { Threads = threads, Cancellation = cancellation };
        _tokens = [.. tokens];
        _graphs = ModelGraphs.Of(model, _tokens.Length);
        var results = _graphs.Run(_tokens, _mode);
        if (recorded is not null && recorded.Length != results.Length)
            throw new ArchGenException($"{model.File.Name}: {recorded.Length} results are recorded, the model has {results.Length}. The record is of another model.");
        RecordedError = recorded is null ? null : NormalizedError.Of(recorded, results);
        IsHeldToRecord = RecordedError <= Tolerances[^1];
        _expected = IsHeldToRecord ? recorded! : model.Model.Evaluate(model.Source, _tokens, cancellation: cancellation).Values;
        Error = NormalizedError.Of(_expected, results);
        Tolerance = Tolerances.FirstOrDefault(t => Error <= t, double.NaN);
        if (double.IsNaN(Tolerance))
            throw new ArchGenException($"{model.File.Name}: the model as it is misses the expected results by NMSE {Error:E1}, so that no mistake can be told from it. Find the cause with 'archgen compare MODEL eager'.");
    }

    /// <summary>How far the model as it should be is from the recorded results (NMSE), if there are any.</summary>
    public double? RecordedError { get; }

    /// <summary>Whether mutations are held to the recorded results.</summary>
    public bool IsHeldToRecord { get; }

    /// <summary>How far the model as it should be is from what mutations are held to (NMSE).</summary>
    public double Error { get; }

    /// <summary>A result further from the expected one (NMSE) is wrong.</summary>
    public double Tolerance { get; }

    /// <summary>The mutations of the model's graphs, each in all blocks at once, in graph order.</summary>
    public IEnumerable<Mutation> Mutations => _graphs.All.SelectMany(graph => Mutation.InAllBlocks(Mutation.Of(graph)));

    /// <summary>Runs one mutation.</summary>
    public SabotageResult Run(Mutation mutation)
    {
        if (mutation.WhyWithoutEffect is not null) return new SabotageResult(mutation, null, SabotageCatch.WithoutEffect, []);
        ModelGraphs wrong;
        try
        {
            wrong = _graphs.With(mutation.Graph, mutation.Apply());
        }
        catch (ArchGenException)
        {
            return new SabotageResult(mutation, null, SabotageCatch.GraphVerifier, []);
        }

        var unread = mutation.IsForgetful ? [] : Unread(wrong);
        double largest = 0;
        foreach (var (check, size) in Batches(wrong))
        {
            var error = Measure(wrong, mutation, size);
            if (error is null) return new SabotageResult(mutation, null, SabotageCatch.GraphVerifier, unread);
            if (!(error <= Tolerance)) return new SabotageResult(mutation, error, check, unread);
            largest = Math.Max(largest, error.Value);
        }

        return new SabotageResult(mutation, largest, unread.Count > 0 ? SabotageCatch.LoadCheck : SabotageCatch.Nothing, unread);
    }

    // Null where the numbers of a node no longer fit its shapes, which planning refuses.
    private double? Measure(ModelGraphs wrong, Mutation mutation, int batchSize)
    {
        try
        {
            return NormalizedError.Of(_expected, wrong.Run(_tokens, _mode with { BatchSize = batchSize, Forgetful = mutation.IsForgetful ? mutation.Nodes : [] }));
        }
        catch (ArchGenException)
        {
            return null;
        }
    }

    private IEnumerable<(SabotageCatch Check, int BatchSize)> Batches(ModelGraphs graphs)
    {
        yield return (SabotageCatch.OneBatch, _tokens.Length);
        if (graphs.IsBidirectional || _tokens.Length < 2) yield break;
        yield return (SabotageCatch.TwoBatches, (_tokens.Length + 1) / 2);
        yield return (SabotageCatch.TokenByToken, 1);
    }

    /// <summary>Tensors that the right graphs read and the wrong ones do not: an architecture that does not know them refuses the file.</summary>
    private List<string> Unread(ModelGraphs wrong) => [.. Weights(_graphs).Except(Weights(wrong), StringComparer.Ordinal)];

    private static IEnumerable<string> Weights(ModelGraphs graphs) => graphs.All.SelectMany(g => g.Nodes).Where(n => n.Op == Op.Weight).Select(n => n.Name);
}

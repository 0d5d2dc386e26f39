using System.Globalization;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Recipes;

namespace ArchGen.Tools.Mutations;

/// <summary>
/// Mutation testing of a model's numeric check: the model must give the expected results, and each <see cref="Mutation"/> of its graphs must give
/// others. The expected results are those of a recipe; or, without a record, or if the recipe states that they are another model's, those of the
/// forward pass as it is written.
/// </summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class SabotageCheck
{
    // The error (NMSE) between two correct runs of one model in single precision.
    private const double Exact = 1e-8;

    private readonly string _name;
    private readonly RunMode _mode;
    private readonly ModelGraphs _graphs;
    private readonly int[] _tokens;
    private readonly float[] _expected;

    /// <summary>Runs the unchanged model in one batch, in two and token by token.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">The prompt.</param>
    /// <param name="recorded">The recorded results for it, or null.</param>
    /// <param name="backend">The backend that computes.</param>
    /// <param name="cancellation">Ends a run between two steps, of this and of every <see cref="Run"/>.</param>
    /// <exception cref="ArchGenException">
    /// The model does not give the recorded results, or not the difference that is stated, or its own runs differ.
    /// </exception>
    public SabotageCheck(
        LoadedModel model, IReadOnlyList<int> tokens, RecordedResults? recorded, IBackend backend, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(backend);
        _mode = new RunMode { Backend = backend, Cancellation = cancellation, Gelu = recorded?.Gelu ?? GeluPrecision.Exact };
        _tokens = [.. tokens];
        _graphs = ModelGraphs.Of(model, _tokens.Length);
        _name = Path.GetFileNameWithoutExtension(model.File.Name);
        Difference = recorded?.Difference;
        IsHeldToRecord = recorded is not null && Difference is null;
        Tolerance = IsHeldToRecord ? recorded!.Tolerance(_graphs.All) : Exact;
        if (recorded is not null) CheckRecord(recorded.Values);
        _expected = IsHeldToRecord ? recorded!.Values : model.Model.Evaluate(model.Source, _tokens, gelu: _mode.Gelu, cancellation: cancellation).Values;
        foreach (var (check, size) in Batches(_graphs))
        {
            var error = NormalizedError.Of(_expected, _graphs.Run(_tokens, _mode with { BatchSize = size }));
            if (!(error <= Tolerance)) throw IsHeldToRecord ? NotAsRecorded(error, check, recorded!) : NotAsWritten(error, check);
            Error = Math.Max(Error, error);
        }
    }

    /// <summary>The difference that the recipe states between its results and the architecture's, or null.</summary>
    public StatedDifference? Difference { get; }

    /// <summary>Whether mutants are checked against the recorded results; if not, against the forward pass as it is written.</summary>
    public bool IsHeldToRecord { get; }

    /// <summary>The error (NMSE) of the unchanged model.</summary>
    public double Error { get; }

    /// <summary>The largest error (NMSE) of a correct result.</summary>
    public double Tolerance { get; }

    /// <summary>The mutations of the model's graphs, each in all layers together, in graph order.</summary>
    public IEnumerable<Mutation> Mutations => _graphs.All.SelectMany(graph => Mutation.InAllBlocks(Mutation.Of(graph)));

    /// <summary>Runs the mutant of a mutation in one batch, in two and token by token, until a check kills it.</summary>
    public SabotageResult Run(Mutation mutation)
    {
        ArgumentNullException.ThrowIfNull(mutation);
        if (mutation.WhyWithoutEffect is not null) return new SabotageResult(mutation, null, SabotageCatch.WithoutEffect, []);
        ModelGraphs wrong;
        try
        {
            wrong = _graphs.With(mutation.Graph, mutation.Apply());
        }
        catch (GraphException)
        {
            return new SabotageResult(mutation, null, SabotageCatch.GraphVerifier, []);
        }

        var unread = mutation.DropsState ? [] : Unread(wrong);
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

    /// <summary>Checks that the record has the model's size, and the error that the recipe states if the record is another model's.</summary>
    private void CheckRecord(float[] recorded)
    {
        var results = _graphs.Run(_tokens, _mode);
        if (recorded.Length != results.Length)
        {
            throw new ModelFileException(
                $"{_name}: {recorded.Length} results are recorded, the model has {results.Length}. The record is of another model.");
        }

        var error = NormalizedError.Of(recorded, results);
        if (Difference?.IsOf(error) ?? true) return;
        throw new ModelFileException(
            $"{_name}: the recipe states that its results are another model's, at NMSE {Number(Difference.Error, "G4")} ({Difference.Reason}); "
            + $"they are at {Number(error, "G4")}. Correct the architecture; or, if it is right, the number in the recipe.");
    }

    private ModelFileException NotAsRecorded(double error, SabotageCatch check, RecordedResults recorded) => new(
        $"{_name}: the model does not give the recorded results: NMSE {Number(error)} {Words(check)}, wrong is what is above {Number(Tolerance)}. "
        + "The architecture is wrong, or the record is of another model; "
        + "'archgen compare MODEL REFERENCE' names the first node that differs from a dump or activations."
        + (Tolerance > Exact && recorded.Gelu is null
            ? " If the reference reads GELU from a table in half precision, as llama.cpp does, state \"gelu\": \"f16-table\" in the recipe."
            : "")
        + $" If the record is another model's on purpose, state \"differs\": [{Number(error, "G4")}, \"why\"].");

    private ModelFileException NotAsWritten(double error, SabotageCatch check) => new(
        $"{_name}: the model as it is run misses its forward pass as it is written by NMSE {Number(error)} {Words(check)}, "
        + "so that no mistake can be told from it. Find the cause with 'archgen compare MODEL eager'.");

    private static string Number(double value, string format = "0.0E+0") => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Words(SabotageCatch check) => check switch
    {
        SabotageCatch.OneBatch => "in one batch",
        SabotageCatch.TwoBatches => "in two batches",
        _ => "token by token",
    };

    // Null if the numbers of a node no longer fit its shapes, which planning refuses.
    private double? Measure(ModelGraphs wrong, Mutation mutation, int batchSize)
    {
        try
        {
            return NormalizedError.Of(_expected, wrong.Run(_tokens, mutation.In(_mode) with { BatchSize = batchSize }));
        }
        catch (GraphException)
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

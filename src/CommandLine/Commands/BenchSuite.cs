using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;

namespace ArchGen.CommandLine.Commands;

/// <summary>The tests of <c>archgen bench</c> for one model.</summary>
/// <param name="model">The model.</param>
/// <param name="backend">The backend.</param>
/// <param name="prompts">Tokens of the prompts.</param>
/// <param name="generated">Tokens to generate.</param>
/// <param name="batch">Tokens of a batch at most.</param>
/// <param name="cache">The type of the KV cache.</param>
/// <param name="runs">The number of runs of each test.</param>
/// <param name="profiles">Whether each test also runs with a clock at every step.</param>
/// <param name="terminal">Shows progress.</param>
/// <param name="cancellation">Ends the tests.</param>
internal sealed class BenchSuite(
    LoadedModel model, IBackend backend, int[] prompts, int[] generated, int batch, CacheType cache, int runs, bool profiles, Terminal terminal,
    CancellationToken cancellation)
{
    /// <summary>Runs the tests.</summary>
    /// <param name="sequences">Sequences at the same time.</param>
    /// <param name="depth">Tokens that they have before each test.</param>
    public IReadOnlyList<BenchResult> Run(int sequences, int depth) => sequences == 1 || profiles ? RunContext(sequences, depth) : RunEngine(sequences, depth);

    // A profile is that of a context without a scheduler.
    private List<BenchResult> RunContext(int sequences, int depth)
    {
        using var context = model.CreateContext(new ContextOptions
        {
            ContextLength = depth + Math.Max(1, Math.Max(prompts.Max(), generated.Max() * sequences)),
            MaxSequences = sequences,
            MaxBatch = batch,
            CacheType = cache,
            Backend = backend,
        });
        var run = new BenchRunner(context, model.Model.Vocab, depth, sequences, cancellation);
        var clock = new BenchClock(context, runs, profiles, terminal, cancellation);
        var results = new List<BenchResult>();
        foreach (var count in prompts.Where(c => c > 0)) results.Add(clock.Measure(Name("pp", count, 1, depth), count, run.Reset, () => run.Prompt(count)));
        foreach (var count in generated.Where(c => c > 0))
            results.Add(clock.Measure(Name("tg", count, sequences, depth), count * sequences, run.Reset, () => run.Generate(count)));
        return results;
    }

    private List<BenchResult> RunEngine(int sequences, int depth)
    {
        using var run = new BenchStreams(model, backend, depth, sequences, Math.Max(prompts.Max(), generated.Max()), batch, cache, cancellation);
        var clock = new BenchClock(null, runs, profiles: false, terminal, cancellation);
        var results = new List<BenchResult>();
        foreach (var count in prompts.Where(c => c > 0))
            results.Add(clock.Measure(Name("pp", count, sequences, depth), count * sequences, run.Reset, () => run.Prompt(count)));
        foreach (var count in generated.Where(c => c > 0))
            results.Add(clock.Measure(Name("tg", count, sequences, depth), count * sequences, run.Reset, () => run.Generate(count)));
        return results;
    }

    private static string Name(string test, int count, int sequences, int depth) =>
        $"{test}{count}{(sequences > 1 ? $"x{sequences}" : "")}{(depth > 0 ? $"@d{depth}" : "")}";
}

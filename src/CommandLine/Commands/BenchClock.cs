using System.Diagnostics;
using ArchGen.Runtime.Execution;

namespace ArchGen.CommandLine.Commands;

/// <summary>Runs a test of <c>archgen bench</c> several times, and measures its time.</summary>
/// <param name="context">The context that runs it; null if there are no profiles.</param>
/// <param name="runs">The number of runs of each test, after a warm-up.</param>
/// <param name="profiles">Whether each test also runs with a clock at every step.</param>
/// <param name="terminal">Shows progress.</param>
/// <param name="cancellation">Ends the measurement before the next run.</param>
internal sealed class BenchClock(InferenceContext? context, int runs, bool profiles, Terminal terminal, CancellationToken cancellation)
{
    /// <summary>Measures a test.</summary>
    /// <param name="test">Its name.</param>
    /// <param name="tokens">The tokens that it computes.</param>
    /// <param name="prepare">Runs before each run of the test; not measured.</param>
    /// <param name="action">The test.</param>
    public BenchResult Measure(string test, int tokens, Action prepare, Action action)
    {
        prepare();
        action();
        var rates = Array.ConvertAll(Times(test, prepare, action), s => tokens / s);
        var mean = rates.Average();
        var deviation = runs < 2 ? 0 : Math.Sqrt(rates.Sum(r => (r - mean) * (r - mean)) / (runs - 1));
        return new BenchResult(test, mean, deviation, runs, profiles ? Profiled(test, prepare, action) : null);
    }

    // In separate runs, so that the speed is that of a context without a profiler.
    private Profile Profiled(string test, Action prepare, Action action)
    {
        var profiler = new Profiler();
        prepare();
        Watched();
        profiler.Reset();
        Times($"{test}, profile", prepare, Watched);
        return profiler.Result(runs);

        void Watched()
        {
            context!.Profiler = profiler;
            action();
            context!.Profiler = null;
        }
    }

    private double[] Times(string test, Action prepare, Action action)
    {
        var seconds = new double[runs];
        for (var i = 0; i < runs; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            prepare();
            var start = Stopwatch.GetTimestamp();
            action();
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            terminal.Progress(test, i + 1, runs);
        }

        return seconds;
    }
}

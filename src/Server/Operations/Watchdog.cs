using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ArchGen.Server.Operations;

/// <summary>Sees engines that make no step although answers wait, and makes the server not ready until they go on.</summary>
/// <param name="options">The options.</param>
/// <param name="registry">The models.</param>
/// <param name="log">The log.</param>
internal sealed partial class Watchdog(ServerOptions options, ModelRegistry registry, ILogger<Watchdog> log) : IHostedService, IDisposable
{
    private const int LooksPerTimeout = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Steps, long Since, bool IsWedged)> _seen = new(StringComparer.Ordinal);
    private ITimer? _timer;

    /// <summary>Whether an engine does not go on.</summary>
    public bool IsWedged { get; private set; }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.StallTimeout <= TimeSpan.Zero) return Task.CompletedTask;
        var period = options.StallTimeout / LooksPerTimeout;
        _timer = options.Clock.CreateTimer(_ => Look(), null, period, period);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    /// <summary>Looks at all engines.</summary>
    public void Look()
    {
        lock (_gate)
        {
            IsWedged = false;
            foreach (var model in registry.Models)
            {
                if (model.EngineOrNull is { } engine) IsWedged |= Look(model.Id, engine.Metrics);
                else _seen.Remove(model.Id);
            }
        }
    }

    private bool Look(string model, EngineMetrics metrics)
    {
        var now = options.Clock.GetTimestamp();
        // Answers whose reader does not read are not to go on.
        var waits = metrics.RunningAnswers > metrics.PausedAnswers || (metrics.RunningAnswers == 0 && metrics.QueuedAnswers > 0);
        if (!waits || !_seen.TryGetValue(model, out var seen) || seen.Steps != metrics.Steps)
        {
            if (_seen.TryGetValue(model, out var before) && before.IsWedged) Recovered(log, model);
            _seen[model] = (metrics.Steps, now, false);
            return false;
        }

        var time = options.Clock.GetElapsedTime(seen.Since, now);
        if (time < options.StallTimeout) return false;
        if (!seen.IsWedged) Wedged(log, model, time.TotalSeconds, metrics.RunningAnswers, metrics.QueuedAnswers);
        _seen[model] = seen with { IsWedged = true };
        return true;
    }

    [LoggerMessage(1, LogLevel.Critical, "{Model} has made no step for {Seconds:0} s; {Running} answers run and {Queued} wait. The server is not ready.")]
    private static partial void Wedged(ILogger log, string model, double seconds, int running, int queued);

    [LoggerMessage(2, LogLevel.Warning, "{Model} goes on")]
    private static partial void Recovered(ILogger log, string model);
}

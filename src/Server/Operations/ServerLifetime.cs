using ArchGen.Server.Http.Streams;
using ArchGen.Server.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ArchGen.Server.Operations;

/// <summary>Opens the first model when the server starts, and lets the requests that have begun end before it stops.</summary>
/// <param name="options">The options.</param>
/// <param name="registry">The models.</param>
/// <param name="gate">The requests.</param>
/// <param name="streams">The answers that go on without their connections.</param>
/// <param name="log">The log.</param>
internal sealed partial class ServerLifetime(
    ServerOptions options, ModelRegistry registry, RequestGate gate, StreamSessions streams, ILogger<ServerLifetime> log)
    : IHostedLifecycleService
{
    /// <summary>The opening of the first model; completed if none is opened at the start.</summary>
    public Task FirstModel { get; private set; } = Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // Not awaited: the server listens meanwhile, and tells that it is not ready.
        if (options.LoadsFirstModel && options.ModelsFolder is null) FirstModel = registry.LoadAsync(registry.Models[0], CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Before the server closes its connections.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var empty = gate.Drain();
        if (gate.Running > 0) Draining(log, gate.Running);
        try
        {
            await empty.WaitAsync(options.DrainTimeout, options.Clock, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            Aborted(log, gate.Abort());
            streams.CancelAll();
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Information, "Shutting down; {Count} requests that have begun are answered first")]
    private static partial void Draining(ILogger log, int count);

    [LoggerMessage(2, LogLevel.Warning, "{Count} requests did not end in time and were cut off")]
    private static partial void Aborted(ILogger log, int count);
}

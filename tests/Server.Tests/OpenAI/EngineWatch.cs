using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Models;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.Tests.OpenAI;

/// <summary>Waits for what the engine of the first model does.</summary>
internal static class EngineWatch
{
    /// <summary>The engine's counts.</summary>
    public static EngineMetrics Metrics(this TestServer server) =>
        server.Application.Services.GetRequiredService<ModelRegistry>().Models[0].EngineOrNull?.Metrics ?? new EngineMetrics();

    /// <summary>Waits until the counts satisfy a condition; the test's own limit of time ends the wait.</summary>
    public static async Task<EngineMetrics> UntilAsync(this TestServer server, Func<EngineMetrics, bool> condition, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var metrics = server.Metrics();
            if (condition(metrics)) return metrics;
            await Task.Yield();
        }
    }
}

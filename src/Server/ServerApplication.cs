using System.Net;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using ArchGen.Server.OpenAI;
using ArchGen.Server.Operations;
using ArchGen.Server.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ArchGen.Server;

/// <summary>The server as a program of its own, as <c>archgen serve</c> runs it.</summary>
public static class ServerApplication
{
    // Connections get this after the answers have ended.
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(5);

    /// <summary>Creates the application; the caller runs it.</summary>
    /// <param name="configure">Sets the options.</param>
    /// <param name="listen">The addresses; null for 127.0.0.1:8080. Port 0 takes a free one. Not used with <see cref="ServerOptions.UnixSocket"/>.</param>
    /// <returns>The application with all endpoints.</returns>
    /// <exception cref="RequestException">An option is wrong.</exception>
    public static WebApplication Create(Action<ServerOptions> configure, IReadOnlyList<IPEndPoint>? listen = null)
    {
        listen ??= [new IPEndPoint(IPAddress.Loopback, 8080)];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddArchGenServer(configure);
        // The framework's lines about each request say what ours say.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // It logs errors when clients go away while they send, as often as they like. What endpoints throw is caught and logged by ours.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(
            (_, kestrel) => KestrelSetup.Configure(kestrel, kestrel.ApplicationServices.GetRequiredService<ServerOptions>(), listen));
        builder.Services.AddOptions<HostOptions>().Configure<ServerOptions>((host, options) => host.ShutdownTimeout = options.DrainTimeout + CloseTime);
        var app = builder.Build();
        _ = app.Services.GetRequiredService<ModelRegistry>();
        var settings = app.Services.GetRequiredService<ServerOptions>();
        var isLoopbackOnly = settings.UnixSocket is null && listen.All(address => IPAddress.IsLoopback(address.Address));
        var guard = new BrowserGuard(new HostPolicy(settings.AllowedHosts, isLoopbackOnly), new OriginPolicy(settings.CorsOrigins));
        app.Use(ApiEndpoint.CatchAsync);
        app.Use(guard.InvokeAsync);
        app.UseRouting();
        app.MapArchGen();
        app.MapFallback(ApiEndpoint.Of(OpenAIErrors.Instance, _ => throw new ApiException(new ApiError(
            StatusCodes.Status404NotFound, ErrorKind.NotFound, "There is no such endpoint, or not for this method.")), EndpointAccess.Monitoring));
        return app;
    }

    /// <summary>
    /// Runs an application until it is cancelled: then no more requests are taken, and those that have begun are answered, at most for
    /// <see cref="ServerOptions.DrainTimeout"/>.
    /// </summary>
    /// <param name="application">What <see cref="Create"/> made.</param>
    /// <param name="listening">Is called with each address once the server listens.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ArchGenException">The first model cannot be opened.</exception>
    public static async Task RunAsync(WebApplication application, Action<string>? listening = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(application);
        await application.StartAsync(cancellation).ConfigureAwait(false);
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        foreach (var address in addresses) listening?.Invoke(address);
        var lifetime = application.Services.GetRequiredService<ServerLifetime>();
        try
        {
            await lifetime.FirstModel.WaitAsync(cancellation).ConfigureAwait(false);
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
        catch (ApiException error)
        {
            // Who started it sees the reason, clients do not.
            throw application.Services.GetRequiredService<ModelRegistry>().Models[0].Failure as ArchGenException ?? new DeviceException(error.Message, error);
        }
        finally
        {
            await application.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }
}

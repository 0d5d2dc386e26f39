using System.Net;
using ArchGen.Server.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ArchGen.Server;

/// <summary>The server as a program of its own, as <c>archgen serve</c> runs it.</summary>
public static class ServerApplication
{
    /// <summary>Creates the application; the caller runs it.</summary>
    /// <param name="configure">Sets the options.</param>
    /// <param name="listen">The addresses; null for 127.0.0.1:8080. Port 0 takes a free one.</param>
    /// <returns>The application with all endpoints.</returns>
    public static WebApplication Create(Action<ServerOptions> configure, IReadOnlyList<IPEndPoint>? listen = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddArchGenServer(configure);
        // The framework's lines about each request say what ours say.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel((_, kestrel) =>
        {
            var options = kestrel.ApplicationServices.GetRequiredService<ServerOptions>();
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxRequestBytes;
            foreach (var address in listen ?? [new IPEndPoint(IPAddress.Loopback, 8080)]) kestrel.Listen(address);
        });
        var app = builder.Build();
        _ = app.Services.GetRequiredService<ModelRegistry>();
        app.MapArchGen();
        return app;
    }
}

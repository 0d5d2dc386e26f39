using ArchGen.Server.Anthropic;
using ArchGen.Server.Http.Streams;
using ArchGen.Server.LlamaCpp;
using ArchGen.Server.LlamaCpp.Slots;
using ArchGen.Server.Models;
using ArchGen.Server.OpenAI;
using ArchGen.Server.Operations;
using ArchGen.Server.Page;
using ArchGen.Server.Responses;
using ArchGen.Server.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server;

/// <summary>Adds the HTTP APIs to an ASP.NET Core application.</summary>
public static class ArchGenServerExtensions
{
    /// <summary>
    /// Adds what the endpoints need.
    /// <code>
    /// builder.Services.AddArchGen("model.gguf").AddArchGenServer();
    /// var app = builder.Build();
    /// app.MapArchGen().RequireAuthorization();
    /// </code>
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    public static IServiceCollection AddArchGenServer(this IServiceCollection services, Action<ServerOptions>? configure = null)
    {
        var options = new ServerOptions();
        configure?.Invoke(options);
        return services.AddSingleton(options).AddSingleton<ModelRegistry>().AddSingleton<SlotTables>().AddSingleton<RunningThoughts>()
            .AddSingleton<StreamSessions>()
            .AddSingleton<ServerMetrics>().AddSingleton<RequestGate>().AddSingleton<RequestRates>().AddSingleton<Readiness>()
            .AddSingleton<Watchdog>().AddHostedService(provider => provider.GetRequiredService<Watchdog>())
            .AddSingleton<ServerLifetime>().AddHostedService(provider => provider.GetRequiredService<ServerLifetime>());
    }

    /// <summary>Maps the endpoints of OpenAI's, Anthropic's and llama.cpp's APIs, and the chat page.</summary>
    /// <param name="endpoints">The application, or a group of its routes.</param>
    /// <returns>The group of the endpoints, for authorization, CORS or rate limits of one's own.</returns>
    /// <exception cref="InvalidOperationException"><see cref="AddArchGenServer"/> was not called.</exception>
    public static RouteGroupBuilder MapArchGen(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.ServiceProvider.GetService<ModelRegistry>() is null)
            throw new InvalidOperationException("Call AddArchGenServer() on the services before MapArchGen().");
        var group = endpoints.MapGroup("");
        OpenAIEndpoints.Map(group);
        ResponsesEndpoints.Map(group);
        AnthropicEndpoints.Map(group);
        LlamaCppEndpoints.Map(group, endpoints.ServiceProvider.GetRequiredService<ServerOptions>());
        StreamEndpoints.Map(group);
        HealthEndpoints.Map(group);
        MetricsEndpoint.Map(group);
        Operations.ModelEndpoints.Map(group);
        PageEndpoints.Map(group);
        return group;
    }
}

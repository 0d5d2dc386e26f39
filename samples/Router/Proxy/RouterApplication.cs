using System.Net.Sockets;
using ArchGen.Samples.Router.Routing;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.Transforms;

namespace ArchGen.Samples.Router.Proxy;

/// <summary>The router as a program: YARP with the policies of this sample.</summary>
internal static class RouterApplication
{
    private const string Cluster = "replicas";

    /// <summary>Creates the application; the caller runs it.</summary>
    public static WebApplication Create(RouterOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // That a replica failed is said once, by the change of its health.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Yarp", LogLevel.None)
            .AddFilter("Yarp.ReverseProxy.Health.DestinationHealthUpdater", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxRequestBytes;
            kestrel.Listen(options.Listen);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        builder.Services.AddSingleton(options).AddSingleton(new PrefixRouter(options.Routing)).AddSingleton<RouterCounters>()
            .AddSingleton<ILoadBalancingPolicy, PrefixAwarePolicy>().AddSingleton<IPassiveHealthCheckPolicy, FailurePolicy>();
        AddProxy(builder.Services, options);
        var app = builder.Build();
        MapHealth(app);
        app.MapReverseProxy(pipeline =>
        {
            pipeline.UseMiddleware<RequestBuffering>();
            pipeline.UseMiddleware<Retrying>();
            pipeline.UseLoadBalancing();
            pipeline.UseMiddleware<LoadTracking>();
            pipeline.UsePassiveHealthChecks();
        });
        return app;
    }

    private static void AddProxy(IServiceCollection services, RouterOptions options)
    {
        var route = new RouteConfig { RouteId = "all", ClusterId = Cluster, Match = new RouteMatch { Path = "/{**path}" } };
        var proxy = services.AddReverseProxy().LoadFromMemory([route], [ClusterOf(options)]).AddTransforms(context => context.AddResponseTransform(answer =>
        {
            var routed = RoutedRequest.Of(answer.HttpContext);
            if (answer.ProxyResponse is not { } response) return default;
            if (response.Headers.TryGetValues(CacheReport.Header, out var values)) routed.CachedHeader = values.First();
            // An answer that is passed on has begun; one that is put aside can be another's.
            if ((int)response.StatusCode is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests && routed.HasOthers)
                routed.IsRefused = answer.SuppressResponseBody = true;
            return default;
        }));
        proxy.ConfigureHttpClient((_, handler) => handler.ConnectTimeout = options.ConnectTimeout);
        if (!options.ResolvesNames) return;
        proxy.AddDnsDestinationResolver(resolver =>
        {
            resolver.RefreshPeriod = TimeSpan.FromSeconds(5);
            resolver.AddressFamily = AddressFamily.InterNetwork;
        });
    }

    private static ClusterConfig ClusterOf(RouterOptions options) => new()
    {
        ClusterId = Cluster,
        LoadBalancingPolicy = options.Policy,
        Destinations = options.Replicas.ToDictionary(url => url.Authority, url => new DestinationConfig { Address = url.AbsoluteUri }),
        HttpRequest = new ForwarderRequestConfig { ActivityTimeout = options.ActivityTimeout },
        HealthCheck = new HealthCheckConfig
        {
            // If all have failed, each is worth a try.
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true, Interval = options.HealthInterval, Timeout = options.HealthInterval, Path = options.HealthPath,
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
            },
            Passive = new PassiveHealthCheckConfig { Enabled = true, Policy = FailurePolicy.PolicyName, ReactivationPeriod = options.Rest },
        },
    };

    private static void MapHealth(WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("ok"));
        foreach (var path in (string[])["/health", "/health/ready"])
        {
            app.MapGet(path, (IProxyStateLookup state) => Destinations(state).Any(IsHealthy) ? Results.Text("ok")
                : Results.Text("no replica is healthy", statusCode: StatusCodes.Status503ServiceUnavailable));
        }

        app.MapGet("/metrics", (IProxyStateLookup state, PrefixRouter router, RouterCounters counters) => Results.Text(
            counters.Write(router.Replicas, Destinations(state).Select(destination => (destination.DestinationId, IsHealthy(destination)))),
            "text/plain; version=0.0.4"));
    }

    private static IEnumerable<DestinationState> Destinations(IProxyStateLookup state) =>
        state.TryGetCluster(Cluster, out var cluster)
            ? cluster.Destinations.Values.OrderBy(destination => destination.DestinationId, StringComparer.Ordinal) : [];

    private static bool IsHealthy(DestinationState destination) =>
        destination.Health.Active != DestinationHealth.Unhealthy && destination.Health.Passive != DestinationHealth.Unhealthy;
}

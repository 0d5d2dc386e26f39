using System.Net;
using ArchGen.Samples.Router.Routing;

namespace ArchGen.Samples.Router.Proxy;

/// <summary>The replicas, and how requests reach them.</summary>
public sealed record RouterOptions
{
    /// <summary>The addresses of the replicas.</summary>
    public IReadOnlyList<Uri> Replicas { get; init; } = [];

    /// <summary>Where the router listens. Defaults to 127.0.0.1:8000; port 0 takes a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8000);

    /// <summary>Whether each address of a replica's name is a replica, looked up again every few seconds, as a headless service of Kubernetes has it.</summary>
    public bool ResolvesNames { get; init; }

    /// <summary>The policy of YARP: the router's own by default, or YARP's <c>RoundRobin</c>, <c>LeastRequests</c> and others.</summary>
    public string Policy { get; init; } = PrefixAwarePolicy.PolicyName;

    /// <summary>How a replica is chosen.</summary>
    public RoutingOptions Routing { get; init; } = new();

    /// <summary>Bytes that a request may have. It is kept in memory until its answer begins. Defaults to 30 MB, as in <c>archgen serve</c>.</summary>
    public long MaxRequestBytes { get; init; } = 30_000_000;

    /// <summary>The path of a replica that answers 200 when it takes requests.</summary>
    public string HealthPath { get; init; } = "/health/ready";

    /// <summary>The time between two looks at a replica's health.</summary>
    public TimeSpan HealthInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The time for which a replica that failed gets no requests, unless all have failed.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time in which a connection to a replica must be open.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The time without a byte after which an answer has failed: a long prompt without streaming has none until its end.</summary>
    public TimeSpan ActivityTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The time for which the router waits for answers that have begun, when it is asked to end.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromMinutes(10);
}

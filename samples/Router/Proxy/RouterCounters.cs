using System.Globalization;
using System.Text;
using ArchGen.Samples.Router.Routing;

namespace ArchGen.Samples.Router.Proxy;

/// <summary>The router's metrics in Prometheus' text format.</summary>
internal sealed class RouterCounters
{
    private static readonly string[] Reasons = ["only", "prefix", "least_load", "imbalance"];

    private readonly long[] _reasons = new long[Reasons.Length];
    private long _retries;

    /// <summary>Counts a request that is sent to a replica.</summary>
    public void Sent(AssignmentReason reason) => Interlocked.Increment(ref _reasons[(int)reason]);

    /// <summary>Counts a request that is sent again, to another replica.</summary>
    public void Retried() => Interlocked.Increment(ref _retries);

    /// <summary>Writes the metrics.</summary>
    /// <param name="replicas">What the router knows of the replicas.</param>
    /// <param name="health">Whether each gets requests.</param>
    public string Write(IReadOnlyList<ReplicaState> replicas, IEnumerable<(string Name, bool IsHealthy)> health)
    {
        var text = new StringBuilder();
        Begin("routes_total", "counter", "Requests that were sent to a replica, by the reason for which it was chosen.");
        for (var i = 0; i < Reasons.Length; i++) Line("routes_total", $"reason=\"{Reasons[i]}\"", Interlocked.Read(ref _reasons[i]));
        Begin("retries_total", "counter", "Requests that were sent again, to another replica.");
        Line("retries_total", "", Interlocked.Read(ref _retries));
        Begin("replica_up", "gauge", "Whether a replica gets requests.");
        foreach (var (name, isHealthy) in health) Line("replica_up", Label(name), isHealthy ? 1 : 0);
        Figure("replica_requests", "gauge", "Requests that a replica has not finished.", replica => replica.Requests);
        Figure("replica_queued_blocks", "gauge", "Blocks of prompts and answers that a replica has yet to compute.", replica => replica.QueuedBlocks);
        Figure("replica_known_blocks", "gauge", "Blocks that a replica is believed to have in its cache.", replica => replica.KnownBlocks);
        Figure("replica_requests_total", "counter", "Requests that were sent to a replica.", replica => replica.SentRequests);
        Figure("replica_blocks_total", "counter", "Blocks of prompts that were sent to a replica.", replica => replica.SentBlocks);
        Figure("replica_expected_blocks_total", "counter", "Those of them that it was believed to have.", replica => replica.ExpectedBlocks);
        Figure("replica_prompt_tokens_total", "counter", "Tokens of prompts, as a replica counted them.", replica => replica.PromptTokens);
        Figure("replica_cached_tokens_total", "counter", "Those of them that it had in its cache.", replica => replica.CachedTokens);
        return text.ToString();

        void Figure(string name, string type, string help, Func<ReplicaState, long> value)
        {
            Begin(name, type, help);
            foreach (var replica in replicas) Line(name, Label(replica.Name), value(replica));
        }

        void Begin(string name, string type, string help) => text.Append($"# HELP archgen_router_{name} {help}\n# TYPE archgen_router_{name} {type}\n");

        void Line(string name, string label, long value) =>
            text.Append(CultureInfo.InvariantCulture, $"archgen_router_{name}{(label.Length > 0 ? $"{{{label}}}" : "")} {value}\n");
    }

    private static string Label(string name) =>
        $"replica=\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

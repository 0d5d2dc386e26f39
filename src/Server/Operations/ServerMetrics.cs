using System.Collections.Concurrent;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Models;

namespace ArchGen.Server.Operations;

/// <summary>What the server has measured of its requests and of the answers of its models.</summary>
/// <param name="options">The options.</param>
internal sealed class ServerMetrics(ServerOptions options)
{
    private readonly ConcurrentDictionary<string, ModelMetrics> _models = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Method, string Route, int Status), Histogram> _requests = new();

    /// <summary>The requests, by method, route and status.</summary>
    public IEnumerable<KeyValuePair<(string Method, string Route, int Status), Histogram>> Requests =>
        _requests.OrderBy(pair => pair.Key.Route, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key.Method, StringComparer.Ordinal).ThenBy(pair => pair.Key.Status);

    /// <summary>What was measured of a model.</summary>
    public ModelMetrics Of(string model) => _models.GetOrAdd(model, static (_, clock) => new ModelMetrics(clock), options.Clock);

    /// <summary>Counts an answer.</summary>
    public void AnswerEnded(ServedModel model, GenerationEvent last) => Of(model.Id).Add(last);

    /// <summary>Counts a request.</summary>
    /// <param name="method">The method, one of those that routes have.</param>
    /// <param name="route">The pattern of the route, not the path: there are few.</param>
    /// <param name="status">The status.</param>
    /// <param name="time">How long it took.</param>
    public void RequestEnded(string method, string route, int status, TimeSpan time) =>
        _requests.GetOrAdd((method, route, status), static _ => new Histogram(Histogram.RequestSeconds)).Observe(time.TotalSeconds);
}

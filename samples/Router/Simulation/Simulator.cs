using ArchGen.CommandLine.Serving;
using ArchGen.Samples.Router.Routing;

namespace ArchGen.Samples.Router.Simulation;

/// <summary>How requests are divided among replicas.</summary>
public enum Policy
{
    /// <summary>Each replica in turn.</summary>
    RoundRobin,

    /// <summary>The replica with the fewest requests.</summary>
    LeastLoad,

    /// <summary>The router's own.</summary>
    PrefixAware,
}

/// <summary>The figures of a simulation.</summary>
/// <param name="HitRate">The share of all prompts' tokens that was in a cache.</param>
/// <param name="FirstToken">Seconds from a message to the first token of its answer.</param>
/// <param name="Seconds">The time until the last answer.</param>
/// <param name="Answers">Answers, one for each turn of each conversation.</param>
/// <param name="Imbalance">Requests of the replica with the most, by those of the mean.</param>
internal sealed record SimulationResult(double HitRate, DistributionSummary FirstToken, double Seconds, int Answers, double Imbalance);

/// <summary>Runs conversations against replicas, event by event, in simulated time. The same options give the same result.</summary>
/// <param name="options">The replicas and conversations.</param>
/// <param name="policy">How requests are divided.</param>
internal sealed class Simulator(SimulationOptions options, Policy policy)
{
    private readonly SimulatedReplica[] _replicas = [.. Enumerable.Range(1, options.Replicas).Select(number => new SimulatedReplica(options, number))];
    private readonly PrefixRouter _router = new(options.Routing);
    private readonly PriorityQueue<SimulatedRequest, (double Time, long Number)> _arrivals = new();
    private readonly List<SimulatedRequest> _answered = [];
    private long _number;
    private int _turn;

    /// <summary>Runs until all conversations have ended.</summary>
    public SimulationResult Run()
    {
        var random = new Random(options.Seed);
        var time = 0.0;
        for (var i = 0; i < options.Replicas * options.ConversationsPerReplica; i++)
        {
            time += -Math.Log(1 - random.NextDouble()) / (options.ConversationRate * options.Replicas);
            Arrive(new SimulatedRequest(new Conversation(options, i, time), 0, time));
        }

        var sent = new int[options.Replicas];
        List<SimulatedRequest> done = [];
        while (true)
        {
            var (next, at) = NextReplica();
            if (_arrivals.TryPeek(out var request, out var arrival) && arrival.Time <= at)
            {
                _arrivals.Dequeue();
                var chosen = Choose(request);
                sent[chosen]++;
                _replicas[chosen].Add(request, arrival.Time);
                continue;
            }

            if (next is null) break;
            done.Clear();
            next.Advance(at, done);
            foreach (var answer in done) Finish(answer, at);
        }

        return Result(sent);
    }

    private (SimulatedReplica? Replica, double Time) NextReplica()
    {
        SimulatedReplica? next = null;
        var time = double.PositiveInfinity;
        foreach (var replica in _replicas)
        {
            if (replica.NextEvent is var at && at < time) (next, time) = (replica, at);
        }

        return (next, time);
    }

    private void Arrive(SimulatedRequest request) => _arrivals.Enqueue(request, (request.Start, _number++));

    private int Choose(SimulatedRequest request)
    {
        switch (policy)
        {
            case Policy.RoundRobin:
                return _turn++ % _replicas.Length;
            case Policy.LeastLoad:
                // Those with as few take turns.
                var from = _turn++;
                return Enumerable.Range(0, _replicas.Length).Select(i => (i + from) % _replicas.Length).MinBy(i => _replicas[i].Requests);
            default:
                request.Assignment = _router.Begin(request.Conversation.Chain(request.PromptTokens), [.. _replicas.Select(replica => replica.Name)]);
                return Array.FindIndex(_replicas, replica => replica.Name == request.Assignment.Replica);
        }
    }

    private void Finish(SimulatedRequest request, double time)
    {
        request.Assignment?.Report(request.CachedTokens, request.PromptTokens, request.Conversation.AnswerTokens(request.Turn));
        request.Assignment?.Dispose();
        _answered.Add(request);
        var turn = request.Turn;
        if (turn + 1 < options.Turns) Arrive(new SimulatedRequest(request.Conversation, turn + 1, time + request.Conversation.Pause(turn)));
    }

    private SimulationResult Result(int[] sent) => new(
        (double)_answered.Sum(request => (long)request.CachedTokens) / _answered.Sum(request => (long)request.PromptTokens),
        DistributionSummary.Of(_answered.Select(request => request.FirstToken - request.Start)),
        _answered.Max(request => request.FirstToken),
        _answered.Count,
        sent.Max() / sent.Average());
}

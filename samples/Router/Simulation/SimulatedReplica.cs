using ArchGen.Samples.Router.Routing;

namespace ArchGen.Samples.Router.Simulation;

/// <summary>
/// A model of a server's time: prompts are computed one after another, answers together, and both share the time; a further answer adds less than the first.
/// Its prefix cache has the blocks that were used last.
/// </summary>
internal sealed class SimulatedReplica(SimulationOptions options, int number)
{
    private const double Epsilon = 1e-9;

    private readonly PrefixIndex _cache = new(Math.Max(1, options.CacheTokens / options.BlockTokens));
    private readonly Queue<SimulatedRequest> _waiting = [];
    private readonly List<SimulatedRequest> _running = [];
    private double _time;

    public string Name { get; } = $"replica{number}";

    /// <summary>Requests that it has and has not answered.</summary>
    public int Requests => _waiting.Count + _running.Count;

    /// <summary>When something happens next; infinity if nothing runs.</summary>
    public double NextEvent
    {
        get
        {
            var next = double.PositiveInfinity;
            var (prefill, decode) = Rates(out var first);
            foreach (var request in _running)
            {
                if (request.PromptLeft <= 0) next = Math.Min(next, request.AnswerLeft / decode);
                else if (request == first) next = Math.Min(next, request.PromptLeft / prefill);
            }

            return _time + next;
        }
    }

    /// <summary>Takes a request.</summary>
    public void Add(SimulatedRequest request, double time)
    {
        Advance(time, []);
        _waiting.Enqueue(request);
        Begin();
    }

    /// <summary>Computes up to a time; the requests that are answered are added to a list.</summary>
    public void Advance(double time, List<SimulatedRequest> done)
    {
        var (prefill, decode) = Rates(out var first);
        var seconds = time - _time;
        _time = time;
        foreach (var request in _running)
        {
            if (request.PromptLeft <= 0)
            {
                request.AnswerLeft -= seconds * decode;
            }
            else if (request == first)
            {
                request.PromptLeft -= seconds * prefill;
                if (request.PromptLeft > Epsilon) continue;
                request.PromptLeft = 0;
                request.FirstToken = time;
            }
        }

        foreach (var request in _running.FindAll(request => request.PromptLeft <= 0 && request.AnswerLeft <= Epsilon))
        {
            _running.Remove(request);
            _cache.Add(request.Conversation.Chain(request.PromptTokens + request.Conversation.AnswerTokens(request.Turn)));
            done.Add(request);
        }

        Begin();
    }

    private void Begin()
    {
        while (_running.Count < options.Slots && _waiting.TryDequeue(out var request))
        {
            var chain = request.Conversation.Chain(request.PromptTokens);
            // The last token is always computed: its result is the first of the answer.
            request.CachedTokens = Math.Min(_cache.Match(chain, out _) * options.BlockTokens, request.PromptTokens - 1);
            request.PromptLeft = request.PromptTokens - request.CachedTokens;
            _cache.Add(chain);
            _running.Add(request);
        }
    }

    // Tokens per second of the one prompt that is being computed, and of each answer.
    private (double Prefill, double Decode) Rates(out SimulatedRequest? first)
    {
        first = _running.Find(request => request.PromptLeft > 0);
        var answers = _running.Count(request => request.PromptLeft <= 0);
        var share = first is null ? 0 : answers == 0 ? 1 : options.PrefillShare;
        var together = Math.Min(answers, 1 + (options.BatchGain * (answers - 1)));
        return (options.PrefillRate * share, answers == 0 ? 0 : options.DecodeRate * (1 - share) * together / answers);
    }
}

/// <summary>A turn of a conversation on its way.</summary>
internal sealed class SimulatedRequest(Conversation conversation, int turn, double start)
{
    public Conversation Conversation => conversation;

    public int Turn => turn;

    public double Start => start;

    public int PromptTokens { get; } = conversation.PromptTokens(turn);

    public int CachedTokens { get; set; }

    public double PromptLeft { get; set; }

    public double AnswerLeft { get; set; } = conversation.AnswerTokens(turn);

    public double FirstToken { get; set; }

    public Assignment? Assignment { get; set; }
}

namespace ArchGen.Samples.Router.Routing;

/// <summary>
/// Chooses replicas so that a conversation goes where its beginning is in the cache. A replica's score is the blocks of the prompt that it has, less
/// those that it has yet to compute for others, less those that it would have to drop. Where none has enough of the prompt, or the best has too much to
/// do, the one with the least to do is taken. What replicas have is guessed from what was sent to them; what they report corrects it. Safe for
/// concurrent use.
/// </summary>
/// <param name="options">The sizes and limits.</param>
public sealed class PrefixRouter(RoutingOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Replica> _replicas = new(StringComparer.Ordinal);

    /// <summary>Gives a request to the best of some replicas.</summary>
    /// <param name="chain">The hashes of the prompt's blocks.</param>
    /// <param name="candidates">The names of the replicas that can take it, at least one.</param>
    public Assignment Begin(ulong[] chain, IReadOnlyList<string> candidates)
    {
        lock (_lock)
        {
            Candidate best = default, least = default;
            for (var i = 0; i < candidates.Count; i++)
            {
                var candidate = Look(Find(candidates[i]), chain);
                if (i == 0 || candidate.Score > best.Score || (candidate.Score == best.Score && candidate.HasLessThan(best))) best = candidate;
                if (i == 0 || candidate.HasLessThan(least)) least = candidate;
            }

            var isSmall = best.Hit == 0 || best.Hit < options.MinHit * chain.Length;
            var isFar = best.Replica.QueuedBlocks - least.Replica.QueuedBlocks > options.MaxImbalance;
            var reason = candidates.Count == 1 ? AssignmentReason.Only
                : isSmall ? AssignmentReason.LeastLoad
                : isFar ? AssignmentReason.Imbalance : AssignmentReason.Prefix;
            return Begin(chain, reason is AssignmentReason.Prefix or AssignmentReason.Only ? best : least, reason);
        }
    }

    /// <summary>Gives a request to a replica that something else chose.</summary>
    public Assignment Begin(ulong[] chain, string replica)
    {
        lock (_lock) return Begin(chain, Look(Find(replica), chain), AssignmentReason.Only);
    }

    /// <summary>Forgets what a replica has in its cache, since it was restarted or cannot be reached.</summary>
    public void Forget(string replica)
    {
        lock (_lock) Find(replica).Index.Clear();
    }

    /// <summary>The replicas that have been given requests, by name.</summary>
    public IReadOnlyList<ReplicaState> Replicas
    {
        get
        {
            lock (_lock)
            {
                return
                [
                    .. _replicas.Values.OrderBy(r => r.Name, StringComparer.Ordinal).Select(r => new ReplicaState(
                        r.Name, r.Requests, r.QueuedBlocks, r.Index.Count, r.SentRequests, r.SentBlocks, r.ExpectedBlocks, r.PromptTokens, r.CachedTokens)),
                ];
            }
        }
    }

    internal void End(Assignment assignment)
    {
        lock (_lock)
        {
            assignment.Target.Requests--;
            assignment.Target.QueuedBlocks -= assignment.Work;
        }
    }

    internal void Correct(Assignment assignment, int cachedTokens, int? promptTokens, int? answerTokens)
    {
        lock (_lock)
        {
            var replica = assignment.Target;
            replica.CachedTokens += cachedTokens;
            replica.PromptTokens += promptTokens ?? 0;
            // The answer is in the cache, too, and is part of the next turn's prompt.
            if (assignment.Blocks > 0 && promptTokens > 0 && answerTokens is { } answer)
                replica.Index.Follow(assignment.Chain[^1], (int)Math.Min(options.MaxPromptBlocks, (long)answer * assignment.Blocks / promptTokens.Value));
            if (assignment.Hit == 0) return;
            // Without the length of the prompt only a miss is certain.
            var expected = promptTokens is { } tokens ? (double)tokens * assignment.Hit / assignment.Blocks : 1;
            var index = replica.Index;
            if (cachedTokens < expected / 2)
            {
                index.DropUntil(assignment.LastUse);
                index.Capacity = Math.Max(index.Count, Math.Min(options.MaxBlocks, 64));
            }
            else if (index.Count >= index.Capacity * 0.95)
            {
                // It had what was expected: perhaps it has room for more.
                index.Capacity = Math.Min(options.MaxBlocks, index.Capacity + Math.Max(1, index.Capacity / 20));
            }
        }
    }

    private Assignment Begin(ulong[] chain, in Candidate candidate, AssignmentReason reason)
    {
        var replica = candidate.Replica;
        var work = chain.Length - candidate.Hit + options.AnswerBlocks;
        replica.Requests++;
        replica.SentRequests++;
        replica.QueuedBlocks += work;
        replica.SentBlocks += chain.Length;
        replica.ExpectedBlocks += candidate.Hit;
        // Engines reuse a prefix while it is being computed: a further request is right to follow at once.
        replica.Index.Add(chain);
        return new Assignment(this, replica, reason, chain, candidate.Hit, candidate.LastUse, work);
    }

    private static Candidate Look(Replica replica, ulong[] chain)
    {
        var hit = replica.Index.Match(chain, out var lastUse);
        if (hit > 0) hit = Math.Min(chain.Length, hit + replica.Index.Following(chain[hit - 1]));
        var dropped = Math.Max(0, replica.Index.Count + chain.Length - hit - replica.Index.Capacity);
        return new Candidate(replica, hit, lastUse, hit - replica.QueuedBlocks - dropped);
    }

    private Replica Find(string name)
    {
        if (!_replicas.TryGetValue(name, out var replica)) _replicas[name] = replica = new Replica(name, options.MaxBlocks);
        return replica;
    }

    private readonly record struct Candidate(Replica Replica, int Hit, long LastUse, long Score)
    {
        // Of those with as much to do, the one that has been given least fills up first.
        public bool HasLessThan(in Candidate other) => Replica.QueuedBlocks != other.Replica.QueuedBlocks ? Replica.QueuedBlocks < other.Replica.QueuedBlocks
            : Replica.Index.Count != other.Replica.Index.Count ? Replica.Index.Count < other.Replica.Index.Count
            : Replica.SentRequests < other.Replica.SentRequests;
    }
}

using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Runtime.Tests.Scheduling;

/// <summary>A scheduler with few cells against answers that are computed alone.</summary>
public sealed class RandomOperationTests
{
    private const int Operations = 10_000;

    [Theory]
    [InlineData("attention", 1)]
    [InlineData("attention", 2)]
    [InlineData("recurrent", 3)]
    [InlineData("hybrid", 4)]
    public void Answers_are_those_computed_alone_and_no_cell_is_lost(string graph, int seed)
    {
        var options = new EngineOptions
        {
            MaxUnreadEvents = 3, ReservedCells = 4, MaxQueuedAnswers = 12, MaxPromptTokensBesideDecode = 7, CheckpointInterval = 10,
        };
        using var run = new SchedulerRun(
            SchedulingGraphs.Named(graph), cells: 70, sequenceLength: 48, maxBatch: 24, checkpoints: 5, options: options, drafts: true);
        var user = new RandomUser(run, seed);
        for (var i = 0; i < Operations; i++) user.DoSomething();
        user.FinishAll();

        Assert.True(user.Compared > 400, $"{user.Compared} answers were compared");
        var metrics = run.Metrics;
        Assert.True(metrics.Preemptions > 20, $"{metrics.Preemptions} preemptions");
        Assert.True(metrics.CacheHits > 100, $"{metrics.CacheHits} hits");
        Assert.True(metrics.RefusedRequests > 10 && metrics.CancelledAnswers > 100, $"{metrics.RefusedRequests} refused, {metrics.CancelledAnswers} cancelled");
        run.AssertNothingIsLost();
    }

    private sealed class RandomUser(SchedulerRun run, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<GenerationStream> _open = [];
        private readonly List<int[]> _conversations = [[1, 2, 3]];

        public int Compared { get; private set; }

        public void DoSomething()
        {
            switch (_random.Next(20))
            {
                case < 4: Start(); break;
                case 4 when _open.Count > 0: Cancel(_open[_random.Next(_open.Count)]); break;
                case 5: run.Scheduler.Cache.Evict(_random.Next(20)); break;
                case 6 when _random.Next(20) == 0: run.Scheduler.Cache.Clear(); break;
                case < 12: run.Scheduler.Step(); break;
                case < 19 when _open.Count > 0: Read(_open[_random.Next(_open.Count)]); break;
                default: ReadAll(); break;
            }
        }

        public void FinishAll()
        {
            run.Finish();
            ReadAll();
            Assert.Empty(_open);
        }

        private void Start()
        {
            var request = SchedulerRun.Request(Prompt(), _random.Next(0, 14)) with
            {
                Answers = _random.Next(4) == 0 ? _random.Next(2, 4) : 1,
                Priority = (RequestPriority)_random.Next(2),
                UsesCache = _random.Next(8) != 0,
                StopTokens = _random.Next(3) == 0 ? [_random.Next(SchedulingGraphs.Vocabulary)] : [],
                Sampling = _random.Next(2) == 0 ? null : new SamplerOptions { Temperature = 1.5f, Seed = (uint)_random.Next(), RepetitionPenalty = 1.1f },
            };
            request = request with { Boundaries = [.. Enumerable.Range(1, request.Prompt.Length).Where(_ => _random.Next(8) == 0)] };
            try
            {
                _open.Add(run.Submit(request));
            }
            catch (QueueFullException error)
            {
                Assert.True(error.Waiting <= run.Options.MaxQueuedAnswers + run.Options.MaxSequences);
            }
        }

        // The beginning of an earlier conversation and something new, as a further turn, or another try of one, has it.
        private int[] Prompt()
        {
            var known = _conversations[_random.Next(_conversations.Count)];
            var kept = known[..Math.Min(_random.Next(known.Length + 1), 30)];
            return [.. kept, .. SchedulerRun.Tokens(_random.Next(kept.Length == 0 ? 1 : 0, 12), _random.Next())];
        }

        private void Cancel(GenerationStream stream)
        {
            stream.Cancel();
            _open.Remove(stream);
            run.Forget(stream);
        }

        private void ReadAll()
        {
            foreach (var stream in _open.ToArray()) Read(stream);
        }

        private void Read(GenerationStream stream)
        {
            run.Read(stream);
            if (!run.IsEnded(stream)) return;
            run.AssertAsAlone(stream);
            Compared++;
            _conversations.Add([.. run.PromptOf(stream), .. run.Answer(stream)]);
            if (_conversations.Count > 30) _conversations.RemoveAt(0);
            _open.Remove(stream);
            run.Forget(stream);
        }
    }
}

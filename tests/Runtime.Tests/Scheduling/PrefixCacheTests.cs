using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Runtime.Tests.Scheduling;

/// <summary>What need not be computed again.</summary>
public sealed class PrefixCacheTests
{
    [Fact]
    public void A_prompt_is_computed_from_where_it_differs()
    {
        using var run = Run("attention");
        var prompt = SchedulerRun.Tokens(20, 1);
        Assert.Equal(0, Cached(run, prompt));
        Assert.Equal(19, Cached(run, prompt));
        Assert.Equal(13, Cached(run, [.. prompt[..13], (prompt[13] + 1) % 32, 4, 5]));
        Assert.Equal(20, Cached(run, [.. prompt, 3, 3]));
        Assert.Equal((20 + 1 + 3 + 2) + (4 * 3), run.Metrics.ComputedTokens);
        Assert.Equal((3, 52), (run.Metrics.CacheHits, run.Metrics.CachedTokens));
        Assert.Equal(0, Cached(run, prompt, usesCache: false));
        run.AssertNothingIsLost();
    }

    [Fact]
    public void A_further_turn_computes_only_what_is_new()
    {
        using var run = Run("attention");
        var prompt = SchedulerRun.Tokens(20, 1);
        var first = run.Submit(prompt, maxTokens: 6);
        run.Finish();
        // The last token of the answer was chosen and not computed.
        Assert.Equal(25, Cached(run, [.. prompt, .. run.Answer(first), 7, 8, 9]));
    }

    [Theory]
    [InlineData("attention", 20)]
    [InlineData("recurrent", 19)]
    [InlineData("hybrid", 19)]
    public void Answers_are_not_cached_where_results_must_not_depend_on_it(string graph, int cached)
    {
        using var run = Run(graph, options: new() { CachesAnswers = false });
        var prompt = SchedulerRun.Tokens(20, 1);
        var first = run.Submit(prompt, maxTokens: 6);
        run.Finish();
        Assert.Equal(cached, Cached(run, [.. prompt, .. run.Answer(first), 7, 8, 9]));
        run.AssertNothingIsLost();
    }

    [Theory]
    [InlineData("attention")]
    [InlineData("recurrent")]
    [InlineData("hybrid")]
    public void A_prompt_that_comes_twice_at_the_same_time_is_computed_once(string graph)
    {
        using var run = Run(graph, maxBatch: 8);
        var prompt = SchedulerRun.Tokens(30, 1);
        var first = run.Submit(prompt, maxTokens: 1);
        run.Scheduler.Step();
        var second = run.Submit(prompt, maxTokens: 1);
        var third = run.Submit([.. prompt[..25], 1, 2, 3], maxTokens: 1);
        run.Finish();
        Assert.Equal(0, run.End(first).Usage.CachedTokens);
        Assert.Equal(29, run.End(second).Usage.CachedTokens);
        Assert.Equal(graph == "attention" ? 25 : 0, run.End(third).Usage.CachedTokens);
        Assert.Equal(30 + 1 + (graph == "attention" ? 3 : 28), run.Metrics.ComputedTokens);
        foreach (var stream in (GenerationStream[])[first, second, third]) run.AssertAsAlone(stream);
    }

    [Theory]
    [InlineData("attention")]
    [InlineData("recurrent")]
    [InlineData("hybrid")]
    public void Answers_of_a_request_share_its_prompt(string graph)
    {
        using var run = Run(graph);
        var sampling = new SamplerOptions { Temperature = 2, Seed = 7 };
        var stream = run.Submit(SchedulerRun.Request(SchedulerRun.Tokens(30, 1), 6) with { Answers = 4, Sampling = sampling });
        run.Finish();
        run.AssertAsAlone(stream);
        Assert.Equal(30 + 3 + (4 * 5), run.Metrics.ComputedTokens);
        Assert.NotEqual(run.Answer(stream, 0), run.Answer(stream, 1));
    }

    [Theory]
    [InlineData("recurrent")]
    [InlineData("hybrid")]
    public void A_recurrent_model_goes_on_after_a_message(string graph)
    {
        using var run = Run(graph);
        var prompt = SchedulerRun.Tokens(30, 1);
        run.Submit(SchedulerRun.Request(prompt, 1) with { Boundaries = [10, 22] });
        run.Finish();
        Assert.Equal(10, Cached(run, [.. prompt[..20], .. SchedulerRun.Tokens(5, 9)]));
        Assert.Equal(22, Cached(run, [.. prompt[..25], .. SchedulerRun.Tokens(5, 8)]));
        Assert.Equal(29, Cached(run, prompt));
        Assert.Equal(0, Cached(run, [.. prompt[..9], .. SchedulerRun.Tokens(5, 7)]));
        // After its answer, too.
        var turn = run.Submit(prompt, maxTokens: 5);
        run.Finish();
        Assert.Equal(34, Cached(run, [.. prompt, .. run.Answer(turn), 3]));
        run.AssertNothingIsLost();
    }

    [Fact]
    public void States_are_saved_at_a_distance()
    {
        using var run = Run("recurrent", options: new() { CheckpointInterval = 8 });
        var prompt = SchedulerRun.Tokens(30, 1);
        run.Submit(prompt, maxTokens: 1);
        run.Finish();
        Assert.Equal(16, Cached(run, [.. prompt[..20], .. SchedulerRun.Tokens(5, 9)]));
    }

    [Theory]
    [InlineData("recurrent")]
    [InlineData("hybrid")]
    public void The_states_that_were_not_used_for_the_longest_time_are_dropped(string graph)
    {
        using var run = Run(graph, checkpoints: 4);
        int[][] prompts = [.. Enumerable.Range(1, 4).Select(i => SchedulerRun.Tokens(12, i))];
        foreach (var prompt in prompts[..2]) Assert.Equal(0, Cached(run, prompt));
        Assert.Equal(11, Cached(run, prompts[0]));
        Assert.Equal(0, Cached(run, prompts[2]));
        Assert.Equal(4, run.Metrics.Checkpoints);
        Assert.Equal(11, Cached(run, prompts[0]));
        Assert.Equal(0, Cached(run, prompts[1]));
        run.AssertNothingIsLost();
    }

    [Fact]
    public void The_prefix_that_was_not_used_for_the_longest_time_gives_up_its_cells_from_its_end()
    {
        using var run = Run("attention", cells: 64);
        int[][] prompts = [.. Enumerable.Range(1, 3).Select(i => SchedulerRun.Tokens(20, i))];
        foreach (var prompt in prompts) Cached(run, prompt, maxTokens: 1);
        Assert.Equal((60, 4), (run.Metrics.CachedCells, run.Metrics.FreeCells));
        Assert.Equal(19, Cached(run, prompts[0], maxTokens: 1));
        Cached(run, SchedulerRun.Tokens(10, 9), maxTokens: 1);
        // The second was the oldest: 6 of its cells were needed.
        Assert.Equal(14, run.Scheduler.Cache.Find(0, prompts[1]));
        Assert.Equal((20, 20), (run.Scheduler.Cache.Find(0, prompts[0]), run.Scheduler.Cache.Find(0, prompts[2])));
        run.AssertNothingIsLost();
    }

    [Fact]
    public void Many_branches_at_every_token_take_no_stack()
    {
        using var run = Run("attention", cells: 3000, sequenceLength: 1200, maxBatch: 1200);
        var prompt = SchedulerRun.Tokens(1000, 1);
        for (var length = prompt.Length; length > 0; length -= 5) Cached(run, [.. prompt[..length], (prompt[Math.Min(length, 999)] + 1) % 32], maxTokens: 1);
        Assert.Equal(999, Cached(run, prompt, maxTokens: 1));
        Assert.True(run.Scheduler.Cache.Nodes > 300);
        run.AssertNothingIsLost();
    }

    [Fact]
    public void Different_roots_share_nothing()
    {
        using var run = Run("attention");
        var prompt = SchedulerRun.Tokens(20, 1);
        Cached(run, prompt);
        Assert.Equal(20, run.Scheduler.Cache.Find(0, prompt));
        Assert.Equal(0, run.Scheduler.Cache.Find(1, prompt));
    }

    private static int Cached(SchedulerRun run, int[] prompt, bool usesCache = true, int maxTokens = 4)
    {
        var stream = run.Submit(SchedulerRun.Request(prompt, maxTokens) with { UsesCache = usesCache });
        run.Finish();
        run.AssertAsAlone(stream);
        return run.End(stream).Usage.CachedTokens;
    }

    private static SchedulerRun Run(
        string graph, int cells = 256, int maxBatch = 64, int sequenceLength = 64, int checkpoints = 8, EngineOptions? options = null) =>
        new(SchedulingGraphs.Named(graph), cells, sequences: 4, maxBatch, sequenceLength, checkpoints, options);
}

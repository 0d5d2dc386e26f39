using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Runtime.Tests.Scheduling;

/// <summary>How much of the prefix cache a request takes, what is forgotten, and what is told while a prompt is computed.</summary>
public sealed class CachedTokenTests
{
    [Fact]
    public void A_request_takes_no_more_cached_tokens_than_it_allows()
    {
        using var run = Run();
        var prompt = SchedulerRun.Tokens(20, 1);
        Assert.Equal(0, Cached(run, prompt, null));
        Assert.Equal(7, Cached(run, prompt, 7));
        Assert.Equal(0, Cached(run, prompt, 0));
        Assert.Equal(19, Cached(run, prompt, 100));
        Assert.Equal((20 + 13 + 20 + 1) + (4 * 3), run.Metrics.ComputedTokens);
        run.AssertNothingIsLost();
    }

    [Fact]
    public void Less_than_no_cached_token_is_refused()
    {
        using var run = Run();
        var request = SchedulerRun.Request(SchedulerRun.Tokens(5, 1)) with { MaxCachedTokens = -1 };
        Assert.StartsWith("The number of tokens to take from the cache is -1", Assert.Throws<RequestException>(() => run.Submit(request)).Message);
    }

    [Fact]
    public void A_forgotten_conversation_is_computed_again_and_others_are_not()
    {
        using var run = Run();
        var common = SchedulerRun.Tokens(12, 1);
        int[] one = [.. common, 1, 2, 3, 4], other = [.. common, 5, 6, 7, 8];
        var answered = run.Submit(one, maxTokens: 4);
        Cached(run, other, null);
        // A beginning that goes on is another's, and so is the one in common.
        Assert.Equal(0, run.Scheduler.Forget(one[..14]));
        Assert.Equal(4 + 3, run.Scheduler.Forget([.. one, .. run.Answer(answered)]));
        Assert.Equal(15, Cached(run, other, null));
        Assert.Equal(12, Cached(run, one, null));
        run.AssertNothingIsLost();
    }

    [Fact]
    public void What_is_forgotten_is_no_longer_in_the_cache()
    {
        using var run = Run();
        var prompt = SchedulerRun.Tokens(20, 1);
        var stream = run.Submit(prompt, maxTokens: 4);
        run.Finish();
        int[] all = [.. prompt, .. run.Answer(stream)];
        Assert.Equal(23, run.Scheduler.Forget(all));
        Assert.Equal((0, 0), (run.Metrics.CachedCells, run.Scheduler.Cache.Nodes));
        Assert.Equal(0, Cached(run, prompt, null));
    }

    [Fact]
    public void Progress_is_told_when_a_prompt_is_begun_and_after_each_step()
    {
        using var run = Run();
        var prompt = SchedulerRun.Tokens(20, 1);
        Assert.Equal([0, 8, 16, 20], Progress(run, prompt));
        Assert.Equal([19, 20], Progress(run, prompt));
        Assert.Equal(2, run.Metrics.FinishedAnswers);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(20)]
    public void An_answer_whose_context_is_full_goes_on_without_half_of_it(int kept)
    {
        using var run = Run();
        var prompt = SchedulerRun.Tokens(20, 1);
        var stream = run.Submit(SchedulerRun.Request(prompt, 100) with { KeptTokens = kept });
        run.Finish();
        Assert.Equal((StopReason.TokenLimit, 100), (run.End(stream).Reason, run.End(stream).Usage.GeneratedTokens));
        int[] all = [.. prompt, .. run.Answer(stream)];
        Assert.Equal(100, run.Answer(stream).Count);
        // The context of 64 is full with 65 tokens, the last of which is not computed.
        int[] left = [.. all[..kept], .. all[(kept + ((65 - kept) / 2))..65]];
        Assert.Equal(run.Alone(SchedulerRun.Request(left, 10), 0), all[65..75]);
        Assert.Equal(run.Alone(SchedulerRun.Request(prompt, 45), 0), all[20..65]);
        run.AssertNothingIsLost();
    }

    [Fact]
    public void An_answer_of_a_recurrent_model_ends_where_its_context_is_full()
    {
        using var run = new SchedulerRun(SchedulingGraphs.Named("recurrent"), maxBatch: 8);
        var stream = run.Submit(SchedulerRun.Request(SchedulerRun.Tokens(20, 1), 100) with { KeptTokens = 4 });
        run.Finish();
        Assert.Equal(StopReason.ContextFull, run.End(stream).Reason);
    }

    private static SchedulerRun Run() => new(SchedulingGraphs.Named("attention"), maxBatch: 8);

    private static int Cached(SchedulerRun run, int[] prompt, int? most)
    {
        var stream = run.Submit(SchedulerRun.Request(prompt, 4) with { MaxCachedTokens = most });
        run.Finish();
        run.AssertAsAlone(stream);
        return run.End(stream).Usage.CachedTokens;
    }

    private static List<int> Progress(SchedulerRun run, int[] prompt)
    {
        var stream = run.Scheduler.Submit(SchedulerRun.Request(prompt, 1) with { ReportsProgress = true });
        run.Finish();
        var told = new List<int>();
        while (stream.TryRead(out var next))
        {
            if (next.ComputedPromptTokens is { } computed) told.Add(computed);
            else Assert.Equal((20, 1), (next.Usage.PromptTokens, next.Usage.GeneratedTokens));
        }

        return told;
    }
}

using ArchGen.Runtime.Scheduling;

namespace ArchGen.Runtime.Tests.Scheduling;

/// <summary>What each step computes, and which answers run.</summary>
public sealed class SchedulerTests
{
    [Fact]
    public void A_long_prompt_does_not_hold_up_an_answer()
    {
        using var run = Run(cells: 512, sequenceLength: 400, options: new() { MaxPromptTokensBesideDecode = 16 });
        var first = run.Submit([1, 2, 3], maxTokens: 100);
        run.Scheduler.Step();
        var second = run.Submit(SchedulerRun.Tokens(300, 1), maxTokens: 2);
        for (var step = 1; step <= 18; step++)
        {
            var computed = run.Metrics.ComputedTokens;
            run.Scheduler.Step();
            Assert.Equal(17, run.Metrics.ComputedTokens - computed);
            run.Read(first);
            Assert.Equal(1 + step, run.Answer(first).Count);
        }

        run.Read(second);
        Assert.Empty(run.Answer(second));
        run.Scheduler.Step();
        run.Read(second);
        Assert.Single(run.Answer(second));
        run.Finish();
        run.AssertAsAlone(first);
        run.AssertAsAlone(second);
    }

    [Fact]
    public void Prompts_share_a_step_fairly()
    {
        using var run = Run(maxBatch: 60, cells: 512, sequenceLength: 200);
        int[] lengths = [90, 20, 100];
        GenerationStream[] streams = [.. lengths.Select((length, i) => run.Submit(SchedulerRun.Tokens(length, i + 1), maxTokens: 1))];
        int[] ends = [0, 0, 0];
        for (var step = 1; !run.Scheduler.IsEmpty; step++)
        {
            run.Scheduler.Step();
            for (var i = 0; i < streams.Length; i++)
            {
                run.Read(streams[i]);
                if (ends[i] == 0 && run.IsEnded(streams[i])) ends[i] = step;
            }
        }

        // 20 + 20 + 20, then 30 + 30 and 30 + 30, and 10 + 20.
        Assert.Equal([4, 1, 4], ends);
        Assert.Equal(210, run.Metrics.ComputedTokens);
    }

    [Fact]
    public void Interactive_requests_go_first_and_take_cells_from_others()
    {
        using var run = Run(cells: 40, sequenceLength: 40, options: new() { ReservedCells = 0 });
        var batch = run.Submit(SchedulerRun.Request(SchedulerRun.Tokens(25, 1), 10) with { Priority = RequestPriority.Batch });
        run.Scheduler.Step();
        var interactive = run.Submit(SchedulerRun.Tokens(20, 2), maxTokens: 5);
        run.Scheduler.Step();
        Assert.Equal((1, 1, 1), (run.Metrics.Preemptions, run.Metrics.RunningAnswers, run.Metrics.QueuedAnswers));
        run.Finish();
        run.AssertAsAlone(batch);
        run.AssertAsAlone(interactive);
        run.AssertNothingIsLost();
    }

    [Fact]
    public void An_answer_waits_until_cells_are_free()
    {
        using var run = Run(cells: 40, sequenceLength: 40, options: new() { ReservedCells = 8 });
        var first = run.Submit(SchedulerRun.Tokens(24, 1), maxTokens: 6);
        var second = run.Submit(SchedulerRun.Tokens(24, 2), maxTokens: 6);
        run.Scheduler.Step();
        Assert.Equal((1, 1, 0), (run.Metrics.RunningAnswers, run.Metrics.QueuedAnswers, run.Metrics.Preemptions));
        run.Finish();
        run.AssertAsAlone(first);
        run.AssertAsAlone(second);
        Assert.Equal(0, run.Metrics.Preemptions);
    }

    [Fact]
    public void An_answer_that_is_interrupted_for_lack_of_cells_goes_on_later()
    {
        using var run = Run(cells: 40, sequenceLength: 40, options: new() { ReservedCells = 0 });
        GenerationStream[] streams = [.. Enumerable.Range(1, 3).Select(i => run.Submit(SchedulerRun.Tokens(12, i), maxTokens: 20))];
        run.Finish();
        Assert.True(run.Metrics.Preemptions > 0);
        foreach (var stream in streams) run.AssertAsAlone(stream);
        run.AssertNothingIsLost();
    }

    [Fact]
    public void The_queue_is_bounded()
    {
        using var run = Run(sequences: 2, options: new() { MaxQueuedAnswers = 3 });
        for (var i = 0; i < 5; i++) run.Submit([1, 2, i]);
        var error = Assert.Throws<QueueFullException>(() => run.Submit([9]));
        Assert.Equal(5, error.Waiting);
        run.Scheduler.Step();
        Assert.Equal((2, 3, 1), (run.Metrics.RunningAnswers, run.Metrics.QueuedAnswers, run.Metrics.RefusedRequests));
        Assert.Equal(3, Assert.Throws<QueueFullException>(() => run.Submit([9])).Waiting);
        Assert.Throws<RequestException>(() => run.Submit(SchedulerRun.Request([1]) with { Answers = 6 }));
        run.Finish();
        run.Submit([9]);
    }

    [Fact]
    public void A_cancelled_request_ends_before_the_next_step_in_every_phase()
    {
        using var run = Run(sequences: 2, maxBatch: 8, cells: 512, sequenceLength: 200);
        var generating = run.Submit([1, 2, 3], maxTokens: 100);
        run.Scheduler.Step();
        var inPrompt = run.Submit(SchedulerRun.Tokens(100, 1));
        var waiting = run.Submit([4, 5, 6]);
        for (var i = 0; i < 4; i++) run.Scheduler.Step();
        Assert.Equal((2, 1), (run.Metrics.RunningAnswers, run.Metrics.QueuedAnswers));
        foreach (var stream in (GenerationStream[])[generating, inPrompt, waiting])
        {
            var steps = run.Metrics.Steps;
            stream.Cancel();
            stream.Cancel();
            run.Scheduler.Step();
            Assert.True(run.Metrics.Steps <= steps + 1);
        }

        Assert.Equal((0, 0, 3), (run.Metrics.RunningAnswers, run.Metrics.QueuedAnswers, run.Metrics.CancelledAnswers));
        Assert.False(run.Scheduler.Step());
        run.AssertNothingIsLost();
    }

    [Fact]
    public void A_request_that_fails_does_not_take_others_with_it()
    {
        var poison = float.NaN;
        using var run = new SchedulerRun(SchedulingGraphs.Named("attention"), observer: (node, values, rows) =>
        {
            if (node.Name != "token_embd") return;
            for (var row = 0; row < rows; row++)
            {
                if (values[row * 8] == poison) throw new ModelFileException("poison");
            }
        });
        poison = run.Embedding(31);
        var bad = run.Scheduler.Submit(SchedulerRun.Request([1, 31, 2]));
        GenerationStream[] good = [.. Enumerable.Range(1, 3).Select(i => run.Submit([3, i, 4]))];
        run.Finish();
        Assert.False(bad.TryRead(out _));
        foreach (var stream in good) run.AssertAsAlone(stream);
        Assert.Equal((1, 3), (run.Metrics.FailedAnswers, run.Metrics.FinishedAnswers));
        run.AssertNothingIsLost();
    }

    [Fact]
    public void Drafts_that_are_right_save_steps_and_change_nothing()
    {
        using var run = new SchedulerRun(SchedulingGraphs.Named("attention"), cells: 400, sequenceLength: 200, drafts: true);
        GenerationStream[] streams = [.. Enumerable.Range(1, 6).Select(i => run.Submit(SchedulerRun.Tokens(10, i), maxTokens: 60)), run.Submit([1, 2, 3], 1)];
        run.Finish();
        Assert.Equal(0, run.Metrics.DraftTokens);
        foreach (var stream in streams) run.AssertAsAlone(stream);
        var before = run.Metrics.Steps;
        for (var seed = 10; seed < 20; seed++)
        {
            var stream = run.Submit(SchedulerRun.Tokens(10, seed), maxTokens: 60);
            run.Finish();
            run.AssertAsAlone(stream);
        }

        Assert.True(run.Metrics.AcceptedTokens > 100 && run.Metrics.AcceptedTokens <= run.Metrics.DraftTokens, $"{run.Metrics.AcceptedTokens} tokens accepted");
        Assert.Equal(600, run.Metrics.Steps - before + run.Metrics.AcceptedTokens);
        run.AssertNothingIsLost();
    }

    private static SchedulerRun Run(int cells = 256, int sequences = 4, int maxBatch = 64, int sequenceLength = 64, EngineOptions? options = null) =>
        new(SchedulingGraphs.Named("attention"), cells, sequences, maxBatch, sequenceLength, options: options);
}

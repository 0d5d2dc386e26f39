using ArchGen.Runtime.Scheduling;

namespace ArchGen.Runtime.Tests.Scheduling;

/// <summary>Answers whose reader does not read.</summary>
public sealed class PausedAnswerTests
{
    [Fact]
    public void A_reader_that_does_not_read_pauses_only_its_own_answer()
    {
        using var run = Run(options: new() { MaxUnreadEvents = 3 });
        var slow = run.Submit([1, 2, 3], maxTokens: 12);
        var other = run.Submit([4, 5, 6], maxTokens: 12);
        for (var i = 0; i < 12; i++)
        {
            run.Scheduler.Step();
            run.Read(other);
        }

        Assert.True(run.IsEnded(other));
        Assert.Equal(1, run.Metrics.PausedAnswers);
        Assert.False(run.Scheduler.Step());
        var wakes = run.Wakes;
        run.Read(slow);
        Assert.True(run.Wakes > wakes, "the engine must be woken");
        Assert.Equal(3, run.Answer(slow).Count);
        run.Finish();
        run.AssertAsAlone(slow);
    }

    [Fact]
    public void Answers_that_pause_give_up_their_cells()
    {
        using var run = Run(sequences: 1, cells: 40, sequenceLength: 40, options: new() { MaxUnreadEvents = 1 });
        var slow = run.Submit(SchedulerRun.Tokens(20, 1), maxTokens: 10);
        for (var i = 0; i < 5; i++) run.Scheduler.Step();
        var other = run.Submit(SchedulerRun.Tokens(30, 2), maxTokens: 5);
        for (var i = 0; i < 8; i++)
        {
            run.Scheduler.Step();
            run.Read(other);
        }

        Assert.True(run.IsEnded(other));
        run.Finish();
        run.AssertAsAlone(slow);
        run.AssertAsAlone(other);
    }

    private static SchedulerRun Run(int cells = 256, int sequences = 4, int maxBatch = 64, int sequenceLength = 64, EngineOptions? options = null) =>
        new(SchedulingGraphs.Named("attention"), cells, sequences, maxBatch, sequenceLength, options: options);
}

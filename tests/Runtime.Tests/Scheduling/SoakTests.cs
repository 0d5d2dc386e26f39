using ArchGen.Runtime.Scheduling;

namespace ArchGen.Runtime.Tests.Scheduling;

/// <summary>Memory over many requests. The heap belongs to the whole process, so no other test runs beside these.</summary>
[Collection(nameof(SoakTests))]
[CollectionDefinition(nameof(SoakTests), DisableParallelization = true)]
public sealed class SoakTests
{
    [Fact]
    public void Ten_thousand_requests_leave_no_memory_and_no_cell_behind()
    {
        using var run = new SchedulerRun(SchedulingGraphs.Named("attention"), cells: 200, sequences: 8);
        Serve(run, 1000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Serve(run, 10_000);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        Assert.True(after - before < 1 << 20, $"{after - before} bytes more after 10,000 requests");
        Assert.Equal(11_000, run.Metrics.FinishedAnswers + run.Metrics.CancelledAnswers);
        run.AssertNothingIsLost();
    }

    [Fact]
    public void Steps_allocate_nothing_while_answers_are_generated()
    {
        using var run = new SchedulerRun(SchedulingGraphs.Named("attention"), cells: 1200, sequenceLength: 300);
        GenerationStream[] streams = [.. Enumerable.Range(1, 4).Select(i => run.Submit(SchedulerRun.Tokens(20, i), maxTokens: 200))];
        for (var i = 0; i < 80; i++) Step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step()
        {
            Assert.True(run.Scheduler.Step());
            foreach (var stream in streams)
            {
                while (stream.TryRead(out _))
                {
                }
            }
        }
    }

    private static void Serve(SchedulerRun run, int requests)
    {
        var random = new Random(3);
        for (var i = 0; i < requests; i++)
        {
            var stream = run.Submit(SchedulerRun.Tokens(random.Next(1, 20), random.Next(50)), random.Next(5));
            if (i % 10 == 0) stream.Cancel();
            if (i % 8 != 7) continue;
            run.Finish();
            run.ForgetAll();
        }

        run.Finish();
        run.ForgetAll();
    }
}

using ArchGen.Dsl.Tests.Graphs;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Tests.Execution.Cases;

namespace ArchGen.Runtime.Tests.Execution;

/// <summary>What a cancelled batch leaves behind.</summary>
public sealed class InferenceCancellationTests
{
    /// <summary>Cancelled by what sees the first node: no other is computed, and the sequence goes on from where it was.</summary>
    [Fact]
    public void A_cancelled_batch_ends_between_two_steps_and_leaves_the_sequence_as_it_was()
    {
        using var run = new ReferenceRun(SampleGraphs.Decoder());
        var tokens = ReferenceRun.Tokens(12);
        using var source = new CancellationTokenSource();
        int seen = 0, last = int.MaxValue;
        using var context = run.Context(length: 12, observer: (_, _, _) =>
        {
            if (++seen == last) source.Cancel();
        });
        ReferenceRun.Run(context, tokens.AsSpan(0, 7), 7);
        last = seen + 1;
        Assert.ThrowsAny<OperationCanceledException>(() => context.Evaluate(ReferenceRun.BatchOf(tokens, 7), source.Token));
        Assert.Equal((last, 7), (seen, context.NextPosition(0)));
        Assert.Throws<RequestException>(() => context.Output(0).Length);
        ReferenceRun.Close(run.Expected(tokens)[(7 * context.Width)..], ReferenceRun.Run(context, tokens.AsSpan(7), 5));
    }

    /// <summary>Cancelled while its second micro-batch is computed, or between two: no token of a later one is.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cancellation_reaches_into_a_long_prompt_within_one_micro_batch(bool whileItIsComputed)
    {
        using var run = new ReferenceRun(SampleGraphs.Decoder());
        var tokens = ReferenceRun.Tokens(40);
        using var source = new CancellationTokenSource();
        int done = 0, stepsAfter = 0;
        using var context = run.Context(length: 40, maxBatch: 4, observer: (_, _, _) =>
        {
            if (source.IsCancellationRequested) stepsAfter++;
            else if (whileItIsComputed && done == 4) source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => context.Evaluate(ReferenceRun.BatchOf(tokens, 0), (_, end) =>
        {
            done = end;
            if (!whileItIsComputed && end == 4) source.Cancel();
        }, source.Token));
        Assert.Equal((4, 0, 0), (done, stepsAfter, context.NextPosition(0)));
    }

    [Fact]
    public void A_cancelled_batch_is_measured_no_further_and_a_recurrent_sequence_begins_anew()
    {
        using var run = new ReferenceRun(OperationCases.Graph("selective scan"));
        var tokens = ReferenceRun.Tokens(6);
        using var context = run.Context();
        ReferenceRun.Run(context, tokens, 6);
        context.Profiler = new Profiler();
        var batch = ReferenceRun.BatchOf(ReferenceRun.Tokens(9), 6);
        Assert.ThrowsAny<OperationCanceledException>(() => context.Evaluate(batch, new CancellationToken(canceled: true)));
        Assert.Empty(context.Profiler.Result().Rows);
        Assert.Equal(0, context.NextPosition(0));
        ReferenceRun.Close(run.Expected(tokens), ReferenceRun.Run(context, tokens, 6));
    }
}

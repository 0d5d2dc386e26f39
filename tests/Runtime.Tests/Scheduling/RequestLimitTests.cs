using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Runtime.Tests.Scheduling;

/// <summary>The ends of answers, and requests that are refused.</summary>
public sealed class RequestLimitTests
{
    [Theory]
    [InlineData(7)]
    [InlineData(0)]
    public void An_answer_has_at_most_the_requested_tokens(int maxTokens)
    {
        using var run = Run(sequenceLength: 64);
        var stream = run.Submit([1, 2, 3, 4, 5], maxTokens);
        run.Finish();
        Assert.Equal(maxTokens, run.Answer(stream).Count);
        Assert.Equal((StopReason.TokenLimit, new GenerationUsage(5, 0, maxTokens)), (run.End(stream).Reason, run.End(stream).Usage));
    }

    [Fact]
    public void An_answer_ends_where_the_sequence_length_is_reached()
    {
        using var run = Run(sequenceLength: 20);
        var stream = run.Submit(SchedulerRun.Tokens(18, 1), maxTokens: 100);
        run.Finish();
        Assert.Equal((3, StopReason.ContextFull), (run.Answer(stream).Count, run.End(stream).Reason));
        var error = Assert.Throws<ContextFullException>(() => run.Submit(SchedulerRun.Tokens(21, 1)));
        Assert.Contains("21 tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("20", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The prompt is empty")]
    [InlineData("Token id 32")]
    [InlineData("answers is 0")]
    [InlineData("generate is -1")]
    [InlineData("Boundary 1 is 3")]
    [InlineData("temperature")]
    [InlineData("no vocabulary")]
    public void A_bad_request_is_refused(string message)
    {
        using var run = Run(sequenceLength: 64);
        var good = SchedulerRun.Request([1, 2, 3]);
        var error = Assert.Throws<RequestException>(() => run.Scheduler.Submit(message switch
        {
            "The prompt is empty" => good with { Prompt = Array.Empty<int>() },
            "Token id 32" => good with { Prompt = (int[])[1, 32] },
            "answers is 0" => good with { Answers = 0 },
            "generate is -1" => good with { MaxTokens = -1 },
            "Boundary 1 is 3" => good with { Boundaries = [3, 3] },
            "temperature" => good with { Sampling = new() { Temperature = -1 } },
            _ => good with { WantsText = true },
        }));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.True(run.Scheduler.IsEmpty);
    }

    private static SchedulerRun Run(int sequenceLength) => new(SchedulingGraphs.Named("attention"), sequenceLength: sequenceLength);
}

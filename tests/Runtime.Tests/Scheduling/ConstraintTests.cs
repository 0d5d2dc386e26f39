using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Runtime.Tests.Scheduling;

/// <summary>Answers whose tokens are constrained.</summary>
public sealed class ConstraintTests
{
    [Fact]
    public void Only_allowed_tokens_are_generated_and_forced_ones_are_not_sampled()
    {
        using var run = new SchedulerRun(SchedulingGraphs.Named("attention"));
        // Either 7 or 9, then 1 2 3 4 5, then any even token, then the end.
        var constraint = new Steps([[7, 9], [1], [2], [3], [4], [5], [.. Enumerable.Range(0, 16).Select(i => 2 * i)]]);
        var request = SchedulerRun.Request([1, 2, 3], 20) with { Constraint = constraint, Answers = 2, Sampling = new() { Temperature = 3, Seed = 1 } };
        var stream = run.Submit(request);
        run.Finish();
        for (var answer = 0; answer < 2; answer++)
        {
            var tokens = run.Answer(stream, answer);
            Assert.Equal(7, tokens.Count);
            Assert.Contains(tokens[0], (int[])[7, 9]);
            Assert.Equal([1, 2, 3, 4, 5], tokens.Skip(1).Take(5));
            Assert.Equal(0, tokens[6] % 2);
            Assert.Equal(StopReason.EndOfGeneration, run.End(stream, answer).Reason);
        }

        // The prompt once and its last token again, then the first token with the forced ones, then the last.
        Assert.Equal((3, 3 + 3 + (2 * 7)), (run.Metrics.Steps, run.Metrics.ComputedTokens));
        Assert.Equal(0, constraint.Accepted);
    }

    [Fact]
    public void Forced_tokens_end_with_the_requested_number()
    {
        using var run = new SchedulerRun(SchedulingGraphs.Named("attention"));
        var stream = run.Submit(SchedulerRun.Request([1, 2, 3], 4) with { Constraint = new Steps([[7, 9], [1], [2], [3], [4], [5]]) });
        run.Finish();
        Assert.Equal((4, StopReason.TokenLimit), (run.Answer(stream).Count, run.End(stream).Reason));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_constraint_without_a_way_on_ends_its_own_request_only(bool refuses)
    {
        using var run = new SchedulerRun(SchedulingGraphs.Named("attention"));
        var constraint = refuses ? new Steps([[1, 2, 3]]) { Refuses = true } : new Steps([[1, 2], []]);
        var bad = run.Scheduler.Submit(SchedulerRun.Request([1, 2, 3]) with { Constraint = constraint });
        var good = run.Submit([4, 5, 6]);
        run.Finish();
        run.AssertAsAlone(good);
        var error = await Assert.ThrowsAnyAsync<ArchGenException>(async () =>
        {
            await foreach (var _ in bad)
            {
            }
        });
        Assert.Contains("constraint", error.Message, StringComparison.Ordinal);
        run.AssertNothingIsLost();
    }

    /// <summary>Allows some tokens at each step.</summary>
    private sealed class Steps(int[][] steps) : ITokenConstraint
    {
        public int Accepted { get; private set; }

        public bool Refuses { get; init; }

        public bool CanEnd => Accepted == steps.Length;

        public void ComputeMask(Span<uint> mask)
        {
            mask.Clear();
            if (CanEnd) return;
            foreach (var token in steps[Accepted]) mask[token / 32] |= 1u << (token % 32);
        }

        public bool TryAccept(int token)
        {
            if (Refuses || CanEnd || !steps[Accepted].Contains(token)) return false;
            Accepted++;
            return true;
        }

        public int ForcedTokens(Span<int> tokens)
        {
            var count = 0;
            while (count < tokens.Length && Accepted + count < steps.Length && steps[Accepted + count].Length == 1)
            {
                tokens[count] = steps[Accepted + count][0];
                count++;
            }

            return count;
        }

        public ITokenConstraint Fork() => new Steps(steps) { Accepted = Accepted, Refuses = Refuses };
    }
}

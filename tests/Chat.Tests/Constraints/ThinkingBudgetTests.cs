using ArchGen.Chat.Constraints;

namespace ArchGen.Chat.Tests.Constraints;

public sealed class ThinkingBudgetTests
{
    private const int Vocabulary = 40, Begin = 5, End = 7, Line = 8;

    [Fact]
    public void Thinking_that_the_prompt_has_begun_is_ended()
    {
        var budget = Create(tokens: 2, isThinking: true);
        Assert.True(budget.TryAccept(1));
        Assert.True(IsFree(budget));
        Assert.True(budget.TryAccept(2));
        AssertEnds(budget);
        Assert.True(IsFree(budget));
    }

    [Fact]
    public void Thinking_that_the_model_begins_is_ended_too()
    {
        var budget = Create(tokens: 2, isThinking: false);
        foreach (var token in (int[])[1, 2, 3, 4, Begin, 1, 2])
        {
            Assert.True(IsFree(budget));
            Assert.True(budget.TryAccept(token));
        }

        AssertEnds(budget);
        Assert.True(budget.CanEnd);
    }

    [Fact]
    public void Thinking_that_begins_again_has_what_is_left()
    {
        var budget = Create(tokens: 3, isThinking: true);
        // The tokens of the end count as well.
        foreach (var token in (int[])[1, End, Line, 4, Begin]) Assert.True(budget.TryAccept(token));
        AssertEnds(budget);
        Assert.True(IsFree(budget));
    }

    [Fact]
    public void A_fork_goes_on_by_itself()
    {
        var budget = Create(tokens: 1, isThinking: false);
        Assert.True(budget.TryAccept(Begin));
        var fork = budget.Fork();
        Assert.True(budget.TryAccept(1));
        Assert.False(IsFree(budget));
        Assert.True(IsFree(fork));
        Assert.True(fork.TryAccept(1));
        AssertEnds(fork);
    }

    private static ThinkingBudget Create(int tokens, bool isThinking) =>
        ThinkingBudget.Of(tokens, [Begin], [End, Line], Vocabulary, inner: null, control: null, isThinking);

    private static void AssertEnds(ArchGen.Runtime.Sampling.ITokenConstraint budget)
    {
        foreach (var token in (int[])[End, Line])
        {
            Assert.False(budget.CanEnd);
            Assert.False(IsFree(budget));
            Assert.False(budget.TryAccept(1));
            Assert.True(budget.TryAccept(token));
        }
    }

    private static bool IsFree(ArchGen.Runtime.Sampling.ITokenConstraint budget)
    {
        var mask = new uint[(Vocabulary + 31) / 32];
        budget.ComputeMask(mask);
        return mask.Sum(System.Numerics.BitOperations.PopCount) == Vocabulary;
    }
}

using ArchGen.Runtime.Speculation;

namespace ArchGen.Runtime.Tests.Speculation;

/// <summary>How much is drafted, by what it gains.</summary>
public sealed class DraftBudgetTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.35)]
    [InlineData(1.2)]
    public void Drafts_that_are_never_right_cost_little(double cost)
    {
        DraftBudget budget = new();
        var (time, tokens) = (0.0, 2000);
        for (var i = 0; i < tokens; i++)
        {
            var drafted = Math.Min(8, budget.MaxTokens);
            time += 1 + cost * drafted;
            budget.Report(drafted, accepted: 0, seconds: 1 + cost * drafted);
        }

        Assert.InRange(time / tokens, 1, 1.02);
    }

    [Fact]
    public void Drafts_that_are_right_may_grow()
    {
        DraftBudget budget = new();
        for (var i = 0; i < 5; i++) budget.Report(0, 0, seconds: 1);
        var drafted = 0;
        for (var i = 0; i < 10; i++)
        {
            drafted = budget.MaxTokens;
            budget.Report(drafted, drafted, seconds: 1 + 0.2 * drafted);
        }

        Assert.True(drafted >= 32, $"{drafted} tokens");
        Assert.InRange(budget.Cost, 0.19, 0.25);
    }

    [Fact]
    public void A_slow_beginning_does_not_end_drafts()
    {
        DraftBudget budget = new();
        for (var i = 0; i < 20; i++) budget.Report(0, 0, seconds: 1);
        for (var i = 0; i < 4; i++) budget.Report(1, 1, seconds: 20);
        for (var i = 0; i < 300; i++) budget.Report(0, 0, seconds: 1);
        Assert.InRange(budget.Cost, 0.3, 0.5);
        Assert.True(budget.MaxTokens > 0);
    }

    [Fact]
    public void What_was_gained_may_be_lost_again_and_no_more()
    {
        DraftBudget budget = new();
        for (var i = 0; i < 100; i++) budget.Report(20, 20, seconds: 0);
        var lost = 0.0;
        for (var i = 0; i < 1000 && budget.MaxTokens > 0; i++)
        {
            var drafted = Math.Min(20, budget.MaxTokens);
            lost += drafted * budget.Cost;
            budget.Report(drafted, 0, seconds: 0);
        }

        Assert.InRange(lost, 10, 17);
    }
}

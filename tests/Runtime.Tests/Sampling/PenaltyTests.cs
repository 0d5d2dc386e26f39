using ArchGen.Runtime.Sampling;

namespace ArchGen.Runtime.Tests.Sampling;

/// <summary>Penalties of tokens that were there before, and biases.</summary>
public sealed class PenaltyTests
{
    [Fact]
    public void Repetition_penalty_divides_positive_and_multiplies_negative_logits()
    {
        Sampler sampler = new(new() { Temperature = 0, RepetitionPenalty = 2 }, 3);
        Assert.Equal(0, sampler.Sample([3, 2, 1]));
        sampler.Accept(0);
        Assert.Equal(1, sampler.Sample([3, 2, 1]));
        Assert.Equal(1, sampler.Sample([-1, -1.5f, -9]));
        Assert.Equal(0, sampler.Sample([-1, -2.5f, -9]));
    }

    [Fact]
    public void Frequency_counts_and_presence_does_not()
    {
        Sampler frequency = new(new() { Temperature = 0, FrequencyPenalty = 1 }, 2);
        Sampler presence = new(new() { Temperature = 0, PresencePenalty = 1 }, 2);
        for (var i = 0; i < 3; i++)
        {
            frequency.Accept(0);
            presence.Accept(0);
        }

        Assert.Equal(0, frequency.Sample([3.5f, 0]));
        Assert.Equal(1, frequency.Sample([2.5f, 0]));
        Assert.Equal(0, presence.Sample([1.5f, 0]));
        Assert.Equal(1, presence.Sample([0.5f, 0]));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(-1, true)]
    public void Penalties_look_back_as_far_as_the_window(int window, bool isPenalized)
    {
        Sampler sampler = new(new() { Temperature = 0, PresencePenalty = 1, RepetitionWindow = window }, 4);
        foreach (var token in (int[])[0, 1, 2]) sampler.Accept(token);
        Assert.Equal(isPenalized ? 3 : 0, sampler.Sample([0.5f, -9, -9, 0.2f]));
    }

    [Fact]
    public void A_window_counts_like_a_recount_of_its_tokens()
    {
        Random random = new(3);
        Sampler sampler = new(Draws.Plain with { Temperature = 0, FrequencyPenalty = 1, RepetitionWindow = 7 }, 5);
        List<int> tokens = [];
        for (var i = 0; i < 500; i++)
        {
            var logits = Enumerable.Range(0, 5).Select(_ => (float)random.NextDouble() * 4).ToArray();
            var penalized = logits.Select((logit, id) => logit - tokens.TakeLast(7).Count(token => token == id)).ToArray();
            var choice = sampler.Sample(logits);
            Assert.Equal(Array.IndexOf(penalized, penalized.Max()), choice);
            tokens.Add(choice);
            sampler.Accept(choice);
        }
    }

    [Fact]
    public void Logit_bias_favours_and_forbids()
    {
        Assert.Equal(2, new Sampler(new() { Temperature = 0, LogitBias = new Dictionary<int, float> { [2] = 5 } }, 3).Sample([1, 2, 0]));
        Assert.Equal([0, 2], Draws.Seen(Draws.Plain with { LogitBias = new Dictionary<int, float> { [1] = float.NegativeInfinity } }, [1, 9, 0]));
    }
}

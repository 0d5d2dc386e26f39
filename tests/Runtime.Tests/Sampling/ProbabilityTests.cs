using ArchGen.Runtime.Sampling;

namespace ArchGen.Runtime.Tests.Sampling;

/// <summary>The probabilities that are reported beside a token.</summary>
public sealed class ProbabilityTests
{
    private static readonly float[] Logits = [.. ((double[])[0.5, 0.2, 0.15, 0.1, 0.05]).Select(p => (float)Math.Log(p) + 3)];

    [Fact]
    public void Before_sampling_they_are_the_model_s()
    {
        SamplerOptions options = new()
        {
            ProbabilityCount = 3, Temperature = 0.1f, TopK = 1, Seed = 1, LogitBias = new Dictionary<int, float> { [4] = 50 },
        };
        Sampler sampler = new(options, 5);
        Assert.Equal(4, sampler.Sample(Logits));
        AssertProbabilities([(0, 0.5), (1, 0.2), (2, 0.15)], sampler.Likeliest);
        AssertProbabilities([(4, 0.05)], [sampler.Chosen!.Value]);
    }

    [Fact]
    public void After_sampling_they_are_those_of_the_draw()
    {
        Sampler sampler = new(new() { ProbabilityCount = 5, ProbabilitiesAfterSampling = true, Temperature = 0.5f, TopK = 2, MinP = 0, TopP = 1, Seed = 1 }, 5);
        var token = sampler.Sample(Logits);
        AssertProbabilities([(0, 25 / 29.0), (1, 4 / 29.0)], sampler.Likeliest);
        Assert.Equal(token, sampler.Chosen!.Value.Token);
        Assert.Equal(token == 0 ? 25 / 29.0 : 4 / 29.0, Math.Exp(sampler.Chosen.Value.LogProbability), 1e-6);
    }

    [Fact]
    public void The_likeliest_token_is_certain_at_temperature_zero()
    {
        Sampler sampler = new(new() { ProbabilityCount = 5, ProbabilitiesAfterSampling = true, Temperature = 0 }, 5);
        Assert.Equal(0, sampler.Sample(Logits));
        AssertProbabilities([(0, 1)], sampler.Likeliest);
    }

    [Fact]
    public void Without_a_count_there_are_none()
    {
        Sampler sampler = new(new(), 5);
        sampler.Sample(Logits);
        Assert.True(sampler.Likeliest.IsEmpty);
        Assert.Null(sampler.Chosen);
    }

    [Fact]
    public void They_do_not_change_what_is_chosen()
    {
        Sampler sampler = new(new() { Seed = 9 }, 5);
        Sampler reporting = new(new() { Seed = 9, ProbabilityCount = 2 }, 5);
        for (var i = 0; i < 200; i++) Assert.Equal(sampler.Sample(Logits), reporting.Sample(Logits));
    }

    private static void AssertProbabilities((int Token, double Probability)[] expected, ReadOnlySpan<TokenProbability> actual)
    {
        Assert.Equal(expected.Select(pair => pair.Token), actual.ToArray().Select(token => token.Token));
        Assert.All(expected.Zip(actual.ToArray()), pair => Assert.Equal(pair.First.Probability, Math.Exp(pair.Second.LogProbability), 1e-6));
    }
}

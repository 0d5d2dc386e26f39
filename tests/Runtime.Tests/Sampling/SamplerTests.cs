using ArchGen.Runtime.Sampling;

namespace ArchGen.Runtime.Tests.Sampling;

/// <summary>How often each token comes, and which come at all.</summary>
public sealed class SamplerTests
{
    [Fact]
    public void Defaults_are_those_of_llama_cpp()
    {
        SamplerOptions options = new();
        Assert.Equal((0.8f, 40, 0.95f, 0.05f, 1f), (options.Temperature, options.TopK, options.TopP, options.MinP, options.TypicalP));
        Assert.Equal((1f, 64, 0f, 0f),
            (options.RepetitionPenalty, options.RepetitionWindow, options.FrequencyPenalty, options.PresencePenalty));
    }

    [Fact]
    public void Temperature_zero_takes_the_highest_logit_and_of_equals_the_lowest_id()
    {
        Sampler sampler = new(new() { Temperature = 0 }, 5);
        Assert.Equal(3, sampler.Sample([0, -1, 2, 7, 3]));
        Assert.Equal(1, sampler.Sample([0, 5, 2, 5, 5]));
        Assert.Equal(0, sampler.Sample([-0f, 0f, -1, -2, -3]));
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.5f)]
    [InlineData(2f)]
    public void Tokens_come_as_often_as_their_probability_says(float temperature)
    {
        float[] logits = [0.3f, 1.7f, -0.4f, 0.9f, -2f, 1.1f];
        AssertFrequencies(Draws.Plain with { Temperature = temperature }, logits, Softmax(logits, temperature));
    }

    [Fact]
    public void Top_k_keeps_the_likeliest_in_their_proportions()
    {
        float[] logits = [0.3f, 1.7f, -0.4f, 0.9f, -2f, 1.1f];
        AssertFrequencies(Draws.Plain with { TopK = 3 }, logits,
            Softmax([float.NegativeInfinity, 1.7f, float.NegativeInfinity, 0.9f, float.NegativeInfinity, 1.1f], 1));
    }

    [Fact]
    public void Top_k_of_many_is_what_sorting_finds()
    {
        Random random = new(5);
        for (var round = 0; round < 20; round++)
        {
            var logits = Enumerable.Range(0, 300).Select(_ => MathF.Round((float)random.NextDouble() * 40) / 4 - 5).ToArray();
            var k = random.Next(1, 300);
            var expected = Enumerable.Range(0, 300).OrderByDescending(id => logits[id]).ThenBy(id => id).Take(k).ToHashSet();
            Sampler sampler = new(Draws.Plain with { TopK = k, Temperature = 5, Seed = (uint)round }, 300);
            for (var i = 0; i < 100; i++) Assert.Contains(sampler.Sample(logits), expected);
        }
    }

    [Theory]
    [InlineData(0.49f, 1)]
    [InlineData(0.51f, 2)]
    [InlineData(0.74f, 2)]
    [InlineData(0.76f, 3)]
    [InlineData(0f, 1)]
    [InlineData(0.99f, 4)]
    public void Top_p_keeps_tokens_until_the_sum_is_reached(float topP, int kept)
    {
        var logits = Logits(0.25, 0.5, 0.0625, 0.1875);
        int[] byLikelihood = [1, 0, 3, 2];
        Assert.Equal(byLikelihood.Take(kept).Order(), Draws.Seen(Draws.Plain with { TopP = topP }, logits));
    }

    [Theory]
    [InlineData(0.1f, 4)]
    [InlineData(0.2f, 3)]
    [InlineData(0.4f, 2)]
    [InlineData(1f, 1)]
    public void Min_p_keeps_what_is_likely_beside_the_likeliest(float minP, int kept)
    {
        var logits = Logits(0.25, 0.5, 0.0625, 0.1875);
        int[] byLikelihood = [1, 0, 3, 2];
        Assert.Equal(byLikelihood.Take(kept).Order(), Draws.Seen(Draws.Plain with { MinP = minP }, logits));
    }

    [Fact]
    public void Typical_keeps_the_tokens_nearest_to_the_entropy_first()
    {
        // Entropy 1.36 nats; information 0.69, 1.61 and 2.30, so the distances are 0.67, 0.25 and 0.94.
        var logits = Logits(0.5, 0.2, 0.1, 0.1, 0.1);
        Assert.Equal([1], Draws.Seen(Draws.Plain with { TypicalP = 0.1f }, logits));
        Assert.Equal([0, 1], Draws.Seen(Draws.Plain with { TypicalP = 0.5f }, logits));
        Assert.Equal([0, 1, 2], Draws.Seen(Draws.Plain with { TypicalP = 0.75f }, logits));
        Assert.Equal([0, 1, 2, 3, 4], Draws.Seen(Draws.Plain with { TypicalP = 0.95f }, logits));
    }

    [Fact]
    public void Steps_follow_in_their_order()
    {
        // Top-k first: of the two that are left the first has 2/3, which reaches top-p; of all four it would not.
        var logits = Logits(0.4, 0.2, 0.2, 0.2);
        Assert.Equal([0], Draws.Seen(Draws.Plain with { TopK = 2, TopP = 0.55f }, logits));
        Assert.Equal([0, 1], Draws.Seen(Draws.Plain with { TopP = 0.55f }, logits));

        // Temperature last: a high one does not bring back what min-p took away.
        Assert.Equal([0], Draws.Seen(Draws.Plain with { MinP = 0.9f, Temperature = 100 }, logits));
    }

    [Fact]
    public void The_same_seed_gives_the_same_tokens_and_another_seed_others()
    {
        float[] logits = [.. Enumerable.Range(0, 100).Select(i => MathF.Sin(i))];
        int[] Draw(uint seed)
        {
            Sampler sampler = new(new() { Seed = seed }, logits.Length);
            return [.. Enumerable.Range(0, 50).Select(_ => sampler.Sample(logits))];
        }

        Assert.Equal(Draw(42), Draw(42));
        Assert.NotEqual(Draw(42), Draw(43));
        Assert.NotEqual(new Sampler(new(), 2).Seed, new Sampler(new(), 2).Seed);
    }

    [Fact]
    public void The_generator_gives_the_sequence_of_its_authors()
    {
        // The 10,000th output for the seed 5489 is a requirement of the C++ standard ([rand.predef]).
        MersenneTwister random = new(5489);
        for (var i = 1; i < 10000; i++) random.Next();
        Assert.Equal(4123659995u, random.Next());
        Assert.Equal(3499211612u, new MersenneTwister(5489).Next());
    }

    [Fact]
    public void The_exponential_is_that_of_the_library_but_for_its_last_bits()
    {
        for (var x = 0.0; x > -700; x -= 0.0137) Assert.InRange(Exponential.Of(x) / Math.Exp(x), 1 - 1e-15, 1 + 1e-15);
        Assert.Equal(1, Exponential.Of(0));
        Assert.Equal(0, Exponential.Of(double.NegativeInfinity));
        Assert.Equal(0, Exponential.Of(-1e300));
    }

    [Fact]
    public void Exponentials_of_many_are_those_of_one()
    {
        float[] values = [float.NegativeInfinity, -200, -104.1f, -103, .. Enumerable.Range(0, 500).Select(i => -i * 0.21f), 0];
        var results = new float[values.Length];
        Exponential.OfDifferences(values, 0, results);
        Assert.All(values.Zip(results), pair => Assert.Equal(pair.First < -104 ? 0 : (float)Exponential.Of(pair.First), pair.Second));
        Assert.True(results[3] > 0);
    }

    [Fact]
    public void Sampling_allocates_nothing()
    {
        Random random = new(1);
        var logits = Enumerable.Range(0, 5000).Select(_ => (float)random.NextDouble() * 10).ToArray();
        SamplerOptions[] all =
        [
            new() { RepetitionPenalty = 1.1f, LogitBias = new Dictionary<int, float> { [3] = 1 } },
            new() { TopK = 0, TypicalP = 0.9f, RepetitionWindow = -1, PresencePenalty = 1 },
            new() { Temperature = 0 },
        ];
        foreach (var options in all)
        {
            Sampler sampler = new(options, logits.Length);
            for (var i = 0; i < 100; i++) sampler.Accept(sampler.Sample(logits));
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++) sampler.Accept(sampler.Sample(logits));
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static float[] Logits(params double[] probabilities) => [.. probabilities.Select(p => (float)Math.Log(p))];

    private static double[] Softmax(float[] logits, double temperature)
    {
        var weights = logits.Select(logit => Math.Exp(logit / temperature)).ToArray();
        return [.. weights.Select(weight => weight / weights.Sum())];
    }

    /// <summary>Pearson's chi-squared test at a fixed seed; the bound is the 0.999 quantile for five degrees of freedom, and holds for fewer.</summary>
    private static void AssertFrequencies(SamplerOptions options, float[] logits, double[] expected)
    {
        const int draws = 20000;
        Sampler sampler = new(options, logits.Length);
        var counts = new int[logits.Length];
        for (var i = 0; i < draws; i++) counts[sampler.Sample(logits)]++;
        var chiSquared = 0.0;
        for (var id = 0; id < logits.Length; id++)
        {
            if (expected[id] == 0) Assert.Equal(0, counts[id]);
            else chiSquared += Math.Pow(counts[id] - draws * expected[id], 2) / (draws * expected[id]);
        }

        Assert.True(chiSquared < 20.5, $"chi squared is {chiSquared}");
    }
}

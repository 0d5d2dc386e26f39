using ArchGen.Runtime.Sampling;

namespace ArchGen.Runtime.Tests.Sampling;

public class SamplerTests
{
    /// <summary>Changes nothing: every token, with its own probability.</summary>
    private static readonly SamplerOptions Plain = new() { Temperature = 1, TopK = 0, TopP = 1, MinP = 0, Seed = 1 };

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
        AssertFrequencies(Plain with { Temperature = temperature }, logits, Softmax(logits, temperature));
    }

    [Fact]
    public void Top_k_keeps_the_likeliest_in_their_proportions()
    {
        float[] logits = [0.3f, 1.7f, -0.4f, 0.9f, -2f, 1.1f];
        AssertFrequencies(Plain with { TopK = 3 }, logits,
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
            Sampler sampler = new(Plain with { TopK = k, Temperature = 5, Seed = (ulong)round }, 300);
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
        Assert.Equal(byLikelihood.Take(kept).Order(), Seen(Plain with { TopP = topP }, logits));
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
        Assert.Equal(byLikelihood.Take(kept).Order(), Seen(Plain with { MinP = minP }, logits));
    }

    [Fact]
    public void Typical_keeps_the_tokens_nearest_to_the_entropy_first()
    {
        // Entropy 1.36 nats; information 0.69, 1.61 and 2.30, so the distances are 0.67, 0.25 and 0.94.
        var logits = Logits(0.5, 0.2, 0.1, 0.1, 0.1);
        Assert.Equal([1], Seen(Plain with { TypicalP = 0.1f }, logits));
        Assert.Equal([0, 1], Seen(Plain with { TypicalP = 0.5f }, logits));
        Assert.Equal([0, 1, 2], Seen(Plain with { TypicalP = 0.75f }, logits));
        Assert.Equal([0, 1, 2, 3, 4], Seen(Plain with { TypicalP = 0.95f }, logits));
    }

    [Fact]
    public void Steps_follow_in_their_order()
    {
        // Top-k first: of the two that are left the first has 2/3, which reaches top-p; of all four it would not.
        var logits = Logits(0.4, 0.2, 0.2, 0.2);
        Assert.Equal([0], Seen(Plain with { TopK = 2, TopP = 0.55f }, logits));
        Assert.Equal([0, 1], Seen(Plain with { TopP = 0.55f }, logits));

        // Temperature last: a high one does not bring back what min-p took away.
        Assert.Equal([0], Seen(Plain with { MinP = 0.9f, Temperature = 100 }, logits));
    }

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
        Sampler sampler = new(Plain with { Temperature = 0, FrequencyPenalty = 1, RepetitionWindow = 7 }, 5);
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
        Assert.Equal([0, 2], Seen(Plain with { LogitBias = new Dictionary<int, float> { [1] = float.NegativeInfinity } }, [1, 9, 0]));
    }

    [Fact]
    public void The_same_seed_gives_the_same_tokens_and_another_seed_others()
    {
        float[] logits = [.. Enumerable.Range(0, 100).Select(i => MathF.Sin(i))];
        int[] Draw(ulong seed)
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
        // Seed 0, computed by a transcription of the authors' C code.
        Xoshiro256 random = new(0);
        Assert.Equal(0x99EC5F36CB75F2B4UL, random.Next());
        Assert.Equal(0xBF6E1F784956452AUL, random.Next());
        Assert.Equal(0x1A5F849D4933E6E0UL, random.Next());
    }

    [Fact]
    public void The_exponential_is_that_of_the_library_but_for_its_last_bits()
    {
        for (var x = 0.0; x > -700; x -= 0.0137) Assert.InRange(Exponential.Of(x) / Math.Exp(x), 1 - 1e-15, 1 + 1e-15);
        Assert.Equal(1, Exponential.Of(0));
        Assert.Equal(0, Exponential.Of(double.NegativeInfinity));
        Assert.Equal(0, Exponential.Of(-1e300));
    }

    [Theory]
    [InlineData(float.NaN, "not a number")]
    [InlineData(float.PositiveInfinity, "infinite")]
    public void Nonsense_logits_are_named(float nonsense, string what)
    {
        foreach (var place in (int[])[0, 5, 63, 64, 66])
        {
            var logits = new float[67];
            logits[place] = nonsense;
            var error = Assert.Throws<ModelFileException>(() => new Sampler(new(), 67).Sample(logits));
            Assert.Contains($"token {place} ", error.Message);
            Assert.Contains(what, error.Message);
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.8f)]
    public void An_impossible_choice_is_an_error(float temperature)
    {
        var error = Assert.Throws<RequestException>(() =>
            new Sampler(new() { Temperature = temperature }, 2).Sample([float.NegativeInfinity, float.NegativeInfinity]));
        Assert.Contains("No token is possible", error.Message);
    }

    public static TheoryData<SamplerOptions, string> BadOptions => new()
    {
        { new() { Temperature = -1 }, "temperature is -1" },
        { new() { Temperature = float.NaN }, "temperature is NaN" },
        { new() { TopK = -1 }, "top-k is -1" },
        { new() { TopP = 1.5f }, "top-p is 1.5" },
        { new() { MinP = -0.5f }, "min-p is -0.5" },
        { new() { TypicalP = 2 }, "typical-p is 2" },
        { new() { RepetitionPenalty = 0 }, "repetition penalty is 0" },
        { new() { RepetitionWindow = -2 }, "repetition window is -2" },
        { new() { FrequencyPenalty = float.PositiveInfinity }, "frequency penalty is Infinity" },
        { new() { LogitBias = new Dictionary<int, float> { [9] = 1 } }, "token of a logit bias is 9" },
        { new() { LogitBias = new Dictionary<int, float> { [1] = float.NaN } }, "logit bias of token 1 is NaN" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Options_out_of_range_are_named(SamplerOptions options, string message) =>
        Assert.Contains(message, Assert.Throws<RequestException>(() => new Sampler(options, 3)).Message);

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

    private static int[] Seen(SamplerOptions options, float[] logits)
    {
        Sampler sampler = new(options, logits.Length);
        return [.. Enumerable.Range(0, 2000).Select(_ => sampler.Sample(logits)).Distinct().Order()];
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

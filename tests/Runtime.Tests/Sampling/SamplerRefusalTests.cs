using ArchGen.Runtime.Sampling;

namespace ArchGen.Runtime.Tests.Sampling;

/// <summary>Logits and options that a sampler refuses.</summary>
public sealed class SamplerRefusalTests
{
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
}

using ArchGen.Runtime.Sampling;

namespace ArchGen.Runtime.Tests.Sampling;

/// <summary>Choices among the tokens that a constraint allows.</summary>
public sealed class ConstraintTests
{
    private static readonly float[] Logits = [.. Enumerable.Range(0, 100).Select(i => MathF.Sin(i) * 4)];

    [Theory]
    [InlineData(0f)]
    [InlineData(0.8f)]
    [InlineData(5f)]
    public void Only_allowed_tokens_come(float temperature)
    {
        foreach (var mirostat in (int[])[0, 1, 2])
        {
            Sampler sampler = new(new() { Temperature = temperature, Seed = 1, Mirostat = mirostat }, Logits.Length);
            for (var i = 0; i < 200; i++)
            {
                var token = sampler.Sample(Logits, new Multiples(7));
                Assert.Equal(0, token % 7);
                sampler.Accept(token);
            }
        }
    }

    [Fact]
    public void They_come_as_often_as_if_the_others_had_no_logits()
    {
        SamplerOptions options = new() { Seed = 3, Temperature = 1.5f, TopK = 10, XtcProbability = 0.3f, TypicalP = 0.9f };
        float[] alone = [.. Logits.Select((logit, id) => id % 3 == 0 ? logit : float.NegativeInfinity)];
        Sampler constrained = new(options, Logits.Length);
        Sampler other = new(options, Logits.Length);
        for (var i = 0; i < 500; i++) Assert.Equal(other.Sample(alone), constrained.Sample(Logits, new Multiples(3)));
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(1f, 0f)]
    [InlineData(1f, 1f)]
    public void A_single_allowed_token_comes_whatever_the_steps(float temperature, float xtc)
    {
        Sampler sampler = new(
            new() { Temperature = temperature, XtcProbability = xtc, XtcThreshold = 0, TopNSigma = 1, TypicalP = 0.5f, MinKeep = 3, TopK = 0 }, Logits.Length);
        for (var i = 0; i < 50; i++) Assert.Equal(64, sampler.Sample(Logits, new Multiples(64, least: 1)));
    }

    [Fact]
    public void No_allowed_token_is_an_error()
    {
        foreach (var temperature in (float[])[0, 1])
        {
            var error = Assert.Throws<RequestException>(() =>
                new Sampler(new() { Temperature = temperature }, Logits.Length).Sample(Logits, new Multiples(1000, least: 1)));
            Assert.Contains("allow more by the grammar", error.Message);
        }
    }

    /// <summary>Allows the multiples of a number.</summary>
    private sealed class Multiples(int number, int least = 0) : ITokenConstraint
    {
        public bool CanEnd => true;

        public void ComputeMask(Span<uint> mask)
        {
            mask.Fill(0);
            for (var token = least; token < 32 * mask.Length; token++)
            {
                if (token % number == 0) mask[token / 32] |= 1u << (token % 32);
            }
        }

        public bool TryAccept(int token) => token % number == 0;

        public int ForcedTokens(Span<int> tokens) => 0;

        public ITokenConstraint Fork() => this;
    }
}

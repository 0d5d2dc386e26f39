using ArchGen.Runtime.Sampling;

namespace ArchGen.Runtime.Tests.Sampling;

/// <summary>Options at the ends of their ranges, in any combination, choose a possible token.</summary>
public sealed class ExtremeOptionTests
{
    [Fact]
    public void Any_options_choose_a_token_that_is_possible()
    {
        Random random = new(11);
        float One(params float[] values) => values[random.Next(values.Length)];
        for (var round = 0; round < 3000; round++)
        {
            var logits = Logits(random);
            SamplerOptions options = new()
            {
                Chain = [.. Enumerable.Range(0, random.Next(8)).Select(_ => (SamplerStep)random.Next(10))],
                Temperature = One(0, 1e-38f, 0.5f, 1, 1e38f),
                TemperatureRange = One(0, 0, 0.5f, 1e38f),
                TemperatureExponent = One(0, 1, 1e38f),
                TopK = random.Next(60),
                TopP = One(0, 0.5f, 1),
                MinP = One(0, 1e-40f, 0.5f, 1),
                TypicalP = One(0, 0.5f, 1),
                TopNSigma = One(-1, 1e-30f, 1, 1e38f),
                XtcProbability = One(0, 1),
                XtcThreshold = One(0, 0.1f, 0.5f),
                MinKeep = random.Next(3) * 30,
                RepetitionPenalty = One(1e-38f, 1, 1e38f),
                FrequencyPenalty = One(-1e38f, 0, 1e37f),
                PresencePenalty = One(-1e38f, 0, 1e37f),
                DryMultiplier = One(-1e38f, 0, 1, 1e37f),
                DryBase = One(1, 2, 1e38f),
                DryAllowedLength = random.Next(3),
                DryBreakers = [],
                Mirostat = random.Next(8) is var m and < 3 ? m : 0,
                MirostatTau = One(0, 5, 1e38f),
                MirostatEta = One(0, 0.1f, 1e38f),
                AdaptiveTarget = One(-1, 0, 0.5f, 1),
                ProbabilityCount = 2,
                ProbabilitiesAfterSampling = round % 2 == 0,
                Seed = (uint)round,
            };
            Sampler sampler = new(options, logits.Length);
            for (var i = 0; i < 8; i++)
            {
                var token = sampler.Sample(logits);
                Assert.False(float.IsNegativeInfinity(logits[token]), options.ToString());
                sampler.Accept(token);
            }
        }
    }

    private static float[] Logits(Random random)
    {
        var scale = random.Next(3) switch { 0 => 1f, 1 => 30f, _ => 1e37f };
        var logits = Enumerable.Range(0, 50).Select(_ => ((float)random.NextDouble() - 0.5f) * scale).ToArray();
        for (var i = random.Next(50); i > 0; i--) logits[random.Next(50)] = float.NegativeInfinity;
        logits[random.Next(50)] = 1;
        return logits;
    }
}

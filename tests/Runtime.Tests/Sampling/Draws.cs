using ArchGen.Runtime.Sampling;

namespace ArchGen.Runtime.Tests.Sampling;

/// <summary>Tokens that a sampler draws.</summary>
internal static class Draws
{
    /// <summary>Changes nothing: every token, with its own probability.</summary>
    public static SamplerOptions Plain { get; } = new() { Temperature = 1, TopK = 0, TopP = 1, MinP = 0, Seed = 1 };

    /// <summary>The tokens that come at all, in order.</summary>
    public static int[] Seen(SamplerOptions options, float[] logits)
    {
        Sampler sampler = new(options, logits.Length);
        return [.. Enumerable.Range(0, 2000).Select(_ => sampler.Sample(logits)).Distinct().Order()];
    }
}

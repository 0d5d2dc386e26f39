namespace ArchGen.Runtime.Sampling;

/// <summary>The steps that divide logits.</summary>
internal static class Temperatures
{
    /// <summary>The temperature of the options, fixed or dynamic.</summary>
    public static void Apply(Candidates candidates, SamplerOptions options)
    {
        if (options.TemperatureRange > 0) Divide(candidates, Dynamic(candidates, options));
        else Divide(candidates, options.Temperature);
    }

    /// <summary>Divides by a temperature. 0 leaves the likeliest token alone possible.</summary>
    public static void Divide(Candidates candidates, float temperature)
    {
        var logits = candidates.Logits;
        temperature = Math.Min(temperature, float.MaxValue);
        if (temperature > 0 && float.IsFinite(candidates.Highest() / temperature))
        {
            foreach (ref var logit in logits) logit /= temperature;
            return;
        }

        var likeliest = candidates.IndexOfHighest();
        var highest = logits[likeliest];
        logits.Fill(float.NegativeInfinity);
        logits[likeliest] = highest;
    }

    // The entropy, as a part of what it could be at most, says where in the range the temperature is.
    private static float Dynamic(Candidates candidates, SamplerOptions options)
    {
        if (candidates.Count <= 1) return 1;
        var low = MathF.Max(0, options.Temperature - options.TemperatureRange);
        var high = options.Temperature + options.TemperatureRange;
        var largest = -Truncations.Log(1f / candidates.Count);
        candidates.Sort();
        candidates.ComputeProbabilities();
        var part = Truncations.Entropy(candidates.Probabilities) / largest;
        return low + (high - low) * (float)Math.Pow(part, options.TemperatureExponent);
    }
}

namespace ArchGen.Runtime.Sampling;

/// <summary>The steps of a sampler in their order, and how they are written.</summary>
public static class SamplerChain
{
    private static readonly (SamplerStep Step, char Letter, string[] Names)[] Steps =
    [
        (SamplerStep.Penalties, 'e', ["penalties"]),
        (SamplerStep.Dry, 'd', ["dry"]),
        (SamplerStep.TopNSigma, 's', ["top_n_sigma", "top-n-sigma", "topnsigma"]),
        (SamplerStep.TopK, 'k', ["top_k", "top-k", "topk"]),
        (SamplerStep.TypicalP, 'y', ["typ_p", "typ-p", "typp", "typ", "typical_p", "typical"]),
        (SamplerStep.TopP, 'p', ["top_p", "top-p", "topp", "nucleus"]),
        (SamplerStep.MinP, 'm', ["min_p", "min-p", "minp"]),
        (SamplerStep.Xtc, 'x', ["xtc"]),
        (SamplerStep.Temperature, 't', ["temperature", "temp"]),
        (SamplerStep.AdaptiveP, 'a', ["adaptive_p", "adaptive-p", "adaptivep"]),
    ];

    /// <summary>The order of llama.cpp: <c>penalties;dry;top_n_sigma;top_k;typ_p;top_p;min_p;xtc;temperature</c>.</summary>
    public static IReadOnlyList<SamplerStep> Default { get; } = Array.AsReadOnly(
    [
        SamplerStep.Penalties, SamplerStep.Dry, SamplerStep.TopNSigma, SamplerStep.TopK, SamplerStep.TypicalP, SamplerStep.TopP, SamplerStep.MinP,
        SamplerStep.Xtc, SamplerStep.Temperature,
    ]);

    /// <summary>Reads names with semicolons between them, such as <c>top_k;temperature</c>. An empty text is an empty chain.</summary>
    /// <exception cref="RequestException">A name is unknown.</exception>
    public static IReadOnlyList<SamplerStep> Parse(string names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return [.. names.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(StepOf)];
    }

    /// <summary>Reads letters, one for each step, such as <c>edskypmxt</c>.</summary>
    /// <exception cref="RequestException">A letter is unknown.</exception>
    public static IReadOnlyList<SamplerStep> ParseLetters(string letters)
    {
        ArgumentNullException.ThrowIfNull(letters);
        return [.. letters.Select(StepOf)];
    }

    /// <summary>The names of steps, with semicolons between them.</summary>
    public static string Format(IEnumerable<SamplerStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        return string.Join(';', steps.Select(step => Steps.First(s => s.Step == step).Names[0]));
    }

    private static SamplerStep StepOf(string name)
    {
        foreach (var (step, _, names) in Steps)
        {
            if (names.Contains(name, StringComparer.OrdinalIgnoreCase)) return step;
        }

        throw new RequestException($"The sampler '{name}' is unknown; expected are {string.Join(", ", Steps.Select(s => s.Names[0]))}.");
    }

    private static SamplerStep StepOf(char letter)
    {
        foreach (var (step, known, _) in Steps)
        {
            if (known == letter) return step;
        }

        throw new RequestException($"The sampler '{letter}' is unknown; expected are {string.Join(", ", Steps.Select(s => $"{s.Letter} ({s.Names[0]})"))}.");
    }
}

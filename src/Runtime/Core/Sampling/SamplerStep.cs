namespace ArchGen.Runtime.Sampling;

/// <summary>A step of the sampler's chain. <see cref="SamplerChain"/> has the names that llama.cpp gives them.</summary>
public enum SamplerStep
{
    /// <summary>The repetition, frequency and presence penalties.</summary>
    Penalties,

    /// <summary>DRY: a penalty on tokens that continue a repetition.</summary>
    Dry,

    /// <summary>Top-n-sigma: keeps the logits within some standard deviations of the highest.</summary>
    TopNSigma,

    /// <summary>Top-k: keeps the likeliest tokens.</summary>
    TopK,

    /// <summary>Locally typical sampling.</summary>
    TypicalP,

    /// <summary>Top-p: keeps the likeliest tokens up to a sum of probabilities.</summary>
    TopP,

    /// <summary>Min-p: keeps the tokens that are likely beside the likeliest.</summary>
    MinP,

    /// <summary>XTC: sometimes removes the likeliest tokens.</summary>
    Xtc,

    /// <summary>The temperature, fixed or dynamic.</summary>
    Temperature,

    /// <summary>Adaptive-p: chooses tokens near a probability. Always the last step, wherever it is named.</summary>
    AdaptiveP,
}

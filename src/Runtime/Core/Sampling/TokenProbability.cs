namespace ArchGen.Runtime.Sampling;

/// <summary>How likely a token is.</summary>
/// <param name="Token">Its id.</param>
/// <param name="LogProbability">The natural logarithm of its probability; at most 0, up to rounding.</param>
public readonly record struct TokenProbability(int Token, float LogProbability);

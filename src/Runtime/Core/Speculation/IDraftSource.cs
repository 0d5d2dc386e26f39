namespace ArchGen.Runtime.Speculation;

/// <summary>
/// Proposes tokens that may come next in one sequence. The model computes them together, and those that the sampler chooses, too, are accepted: the tokens are
/// the same as without, and come sooner. For one caller at a time.
/// </summary>
public interface IDraftSource : IDisposable
{
    /// <summary>Proposes the tokens that follow.</summary>
    /// <param name="tokens">All tokens of the sequence, prompt and answer: those of the last call with more at the end, or those of another sequence.</param>
    /// <param name="leastProbability">A token is worth its time if all tokens up to it are accepted with this probability, 0 to 1.</param>
    /// <param name="draft">Receives them, as many as are worth their time and fit.</param>
    /// <returns>Their number; 0 for none.</returns>
    int Draft(ReadOnlySpan<int> tokens, float leastProbability, Span<int> draft);

    /// <summary>Tells how many tokens of the last draft were accepted.</summary>
    void Report(int drafted, int accepted);
}

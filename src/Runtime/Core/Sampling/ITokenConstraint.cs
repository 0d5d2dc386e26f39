namespace ArchGen.Runtime.Sampling;

/// <summary>
/// Says which tokens may come next in one sequence: a grammar, a JSON schema, a list of choices. It has a state, which <see cref="TryAccept"/> moves. For
/// one caller at a time.
/// </summary>
public interface ITokenConstraint
{
    /// <summary>Whether the text may end here.</summary>
    bool CanEnd { get; }

    /// <summary>
    /// Writes which tokens may come next. Bit <c>t % 32</c> of word <c>t / 32</c> is set if token t may. End-of-generation tokens are set where the text may
    /// end.
    /// </summary>
    /// <param name="mask">The words, all of which are written: at least one for each 32 tokens of the vocabulary.</param>
    void ComputeMask(Span<uint> mask);

    /// <summary>Moves on by a token. False if the token is not allowed; the state is then unchanged. Never throws.</summary>
    bool TryAccept(int token);

    /// <summary>The tokens that must follow, in the way the tokenizer writes them. They are taken without sampling.</summary>
    /// <param name="tokens">Receives them, as many as fit.</param>
    /// <returns>Their number; 0 if the next token is a choice.</returns>
    int ForcedTokens(Span<int> tokens);

    /// <summary>A copy in the same state, which moves by itself.</summary>
    ITokenConstraint Fork();
}

namespace ArchGen.Runtime.Execution;

/// <summary>
/// Whether a token is of a prompt or was generated: it chooses the method of matrix products, and thereby makes a token's results independent of the tokens
/// that are evaluated with it.
/// </summary>
/// <remarks>
/// Matrix products have a method for many tokens and one for few, which add in different orders; in tiers with activations of 16 bits they also round
/// differently. On a graphics device the phase has no effect.
/// </remarks>
public enum TokenPhase
{
    /// <summary>The method that is faster for the number of tokens: results may differ in the last bits with the number.</summary>
    Unspecified,

    /// <summary>
    /// Prefill: tiles of many tokens. The same bits in any chunking of a prompt and among any other sequences. A requested row of the result, and what is
    /// computed for it alone, is multiplied as in <see cref="Decode"/>.
    /// </summary>
    Prefill,

    /// <summary>Decode: row by row. The same bits for any number of tokens, so also for a draft that is verified, and among any other sequences.</summary>
    Decode,
}

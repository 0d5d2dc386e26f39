namespace ArchGen.Runtime.Sampling;

/// <summary>
/// The memory that a sampler needs while it chooses a token, and nothing that it remembers between tokens: the samplers of several sequences may use one, one
/// after the other.
/// </summary>
/// <param name="vocabularySize">The number of logits.</param>
internal sealed class SamplerWorkspace(int vocabularySize)
{
    /// <summary>A thousand times the largest vocabulary there is.</summary>
    private const int MaxVocabulary = 1 << 28;

    /// <summary>The tokens that may still be chosen.</summary>
    public Candidates Candidates { get; } = new(Checked(vocabularySize));

    /// <summary>Numbers of tokens, all clear between uses.</summary>
    public TokenNumbers Numbers { get; } = new(vocabularySize);

    /// <summary>Which tokens a constraint allows.</summary>
    public uint[] Mask { get; } = new uint[(vocabularySize + 31) / 32];

    /// <summary>The number of logits.</summary>
    public int VocabularySize => vocabularySize;

    private static int Checked(int vocabularySize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabularySize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vocabularySize, MaxVocabulary);
        return vocabularySize;
    }
}

namespace ArchGen;

/// <summary>The tokens of the batch.</summary>
public sealed class Tokens
{
    private readonly Evaluation _evaluation;

    internal Tokens(Evaluation evaluation) => _evaluation = evaluation;

    /// <summary>Their places in their sequences, [T].</summary>
    public Tensor Positions => _evaluation.Positions;

    internal Tensor Ids => _evaluation.Tokens;
}

namespace ArchGen;

/// <summary>The tokens of the batch.</summary>
public sealed class Tokens
{
    private readonly Evaluation _evaluation;

    internal Tokens(Evaluation evaluation) => _evaluation = evaluation;

    /// <summary>Their positions, [T].</summary>
    public Tensor Positions => _evaluation.Positions;

    /// <summary>Their segments, [T]: 0 for all (BERT, arXiv:1810.04805).</summary>
    public Tensor Segments => _evaluation.Segments;

    internal Tensor Ids => _evaluation.Tokens;
}

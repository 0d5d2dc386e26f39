namespace ArchGen;

/// <summary>The tokens of the batch.</summary>
public sealed class Tokens
{
    private readonly Evaluation _evaluation;

    internal Tokens(Evaluation evaluation) => _evaluation = evaluation;

    /// <summary>Their places in their sequences, [T].</summary>
    public Tensor Positions => _evaluation.Positions;

    /// <summary>Which of a text's parts they belong to, [T]: each to the first, number 0 (BERT, arXiv:1810.04805).</summary>
    public Tensor Segments => _evaluation.Segments;

    internal Tensor Ids => _evaluation.Tokens;
}

namespace ArchGen.Graphs;

/// <summary>What a graph reads: the tokens of the batch, and rows of another graph; generated code asks for them.</summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class GraphInputs
{
    private readonly Evaluation _evaluation;

    internal GraphInputs(Evaluation evaluation) => (_evaluation, Tokens) = (evaluation, new Tokens(evaluation));

    /// <summary>The tokens of the batch.</summary>
    public Tokens Tokens { get; }

    /// <summary>Rows of another graph, one for each token: [T, width].</summary>
    /// <exception cref="RequestException">The eager run has none, or others.</exception>
    public Tensor Rows(long width) => _evaluation.Rows(Dim.Tokens, width);

    /// <summary>Rows of another graph, of which there may be any number: [S, width].</summary>
    /// <exception cref="RequestException">The eager run has none, or others.</exception>
    public Tensor EncoderRows(long width) => _evaluation.Rows(Dim.EncoderTokens, width);
}

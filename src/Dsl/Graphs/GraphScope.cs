namespace ArchGen.Graphs;

/// <summary>Gives the nodes of one block their names: what generated code calls for each operation.</summary>
/// <param name="Prefix">What the names begin with: empty, or <c>blk.3.</c>.</param>
/// <param name="Owner">The model or block, which knows where its operations are declared.</param>
/// <param name="SequenceLength">See <see cref="Tensor.SequenceLength"/>.</param>
public readonly record struct GraphScope(string Prefix, Words Owner, int SequenceLength)
{
    /// <summary>The scope of a block.</summary>
    public GraphScope In(Block block) => new(block.Prefix + ".", block, SequenceLength);

    /// <summary>Says what the node is called that computed this tensor.</summary>
    public Tensor Name(string name, Tensor tensor)
    {
        var evaluation = (GraphEvaluation)tensor.Evaluation;
        evaluation.Name(tensor, Prefix + name);
        if (Owner.SourceOf(name) is { } source) evaluation.Locate(tensor, source);
        return tensor;
    }
}

namespace ArchGen.Graphs;

/// <summary>Names the nodes of one block; generated code calls it for each operation.</summary>
/// <param name="Prefix">The prefix of the names: empty, or <c>blk.3.</c>.</param>
/// <param name="Owner">The model or block, which has the source lines of its operations.</param>
/// <param name="SequenceLength">See <see cref="Tensor.SequenceLength"/>.</param>
public readonly record struct GraphScope(string Prefix, OpVocabulary Owner, int SequenceLength)
{
    /// <summary>The scope of a block.</summary>
    public GraphScope In(Block block) => new(Guard.NotNull(block).Prefix + ".", block, SequenceLength);

    /// <summary>Says what the node is called that computed this tensor.</summary>
    public Tensor Name(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(tensor);
        var evaluation = tensor.Evaluation as GraphEvaluation
            ?? throw new ArgumentException("The tensor is of an eager run, which has no nodes.", nameof(tensor));
        evaluation.Name(tensor, Prefix + name);
        if (Owner.SourceOf(name) is { } source) evaluation.Locate(tensor, source);
        return tensor;
    }
}

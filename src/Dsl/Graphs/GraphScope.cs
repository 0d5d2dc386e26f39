namespace ArchGen.Graphs;

/// <summary>Gives the nodes of one block their names: what generated code calls for each operation.</summary>
/// <param name="Prefix">What the names begin with: empty, or <c>blk.3.</c>.</param>
public readonly record struct GraphScope(string Prefix)
{
    /// <summary>The scope of a block.</summary>
    public GraphScope In(Block block) => new(block.Prefix + ".");

    /// <summary>Names the node that computed this tensor.</summary>
    public Tensor Name(string name, Tensor tensor)
    {
        ((GraphEvaluation)tensor.Evaluation).Rename(tensor, Prefix + name);
        return tensor;
    }
}

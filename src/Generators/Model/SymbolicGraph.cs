namespace ArchGen.Generators.Model;

/// <summary>
/// The forward pass of an architecture with the passes of its blocks in their places: operations and what they take. It has each kind of block once.
/// </summary>
/// <param name="Function">The forward pass that it is of.</param>
/// <param name="Frames">The kinds of block that are called.</param>
/// <param name="Nodes">The nodes; a node's place is its id, and operands come before their users.</param>
internal sealed record SymbolicGraph(GraphFunction Function, EquatableArray<FrameModel> Frames, EquatableArray<SymbolicNode> Nodes)
{
    /// <summary>The graphs of an architecture, that of its forward pass first; none if it has errors.</summary>
    public static IEnumerable<SymbolicGraph> Of(ArchitectureModel model) => model.HasErrors ? []
        : model.Root.Functions.OrderBy(f => f.Graph is not null).Where(f => f.Body is not null).Select(f => new SymbolicGraphBuilder(model).Build(f));
}

/// <summary>A kind of block in the list that it stands in.</summary>
internal sealed record FrameModel(BlockListModel List, BlockKindModel Kind);

/// <summary>An operation or a leaf.</summary>
/// <param name="Name">Its name, with <c>{i}</c> for the block's index.</param>
/// <param name="Op">The operation.</param>
/// <param name="Shape">The shape of the result.</param>
/// <param name="Inputs">Its operands; where alternatives join, one slot has several.</param>
/// <param name="Frame">The place of its kind of block among the frames; -1 if it is in none.</param>
/// <param name="Condition">When it is there; null for always.</param>
internal sealed record SymbolicNode(string Name, Op Op, Shape Shape, EquatableArray<InputModel> Inputs, int Frame, Expression? Condition)
{
    /// <summary>Whether it is the result.</summary>
    public bool IsOutput { get; init; }
}

/// <summary>An operand of a node: its slot, and the id of the node that it is.</summary>
internal sealed record InputModel(int Slot, int Node);

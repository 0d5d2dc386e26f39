namespace ArchGen.Graphs;

/// <summary>
/// The symbolic graph of an architecture: over its hyper-parameters, without a file. It has each kind of block once. Nodes that depend on a
/// file or a layer have a condition; where alternatives join, a node has an input from each. The generator builds it from the forward pass; drawings and the
/// tensor roles of quantization are derived from it.
/// </summary>
/// <param name="Name">The architecture's name, with a suffix if it has several graphs: <c>t5.encoder</c>.</param>
/// <param name="Frames">The descriptions of the kinds of block: <c>blk.{i} DenseLayer, i &lt; BlockCount</c>.</param>
/// <param name="Nodes">The nodes; a node's index is its id, and operands come before their users.</param>
public sealed record GraphOutline(string Name, IReadOnlyList<string> Frames, IReadOnlyList<OutlineNode> Nodes);

/// <summary>One node of an outline.</summary>
/// <param name="Name">As in a model's graph, with <c>{i}</c> for the block's index.</param>
/// <param name="Op">The operation.</param>
/// <param name="Shape">The dimensions over hyper-parameters, slowest first.</param>
/// <param name="Inputs">Its operands.</param>
/// <param name="Frame">The index of its block in <see cref="GraphOutline.Frames"/>, or -1.</param>
/// <param name="Condition">The condition under which it exists, in C#; empty for none.</param>
/// <param name="IsOutput">Whether it is the result.</param>
public sealed record OutlineNode(
    string Name, Op Op, string Shape, IReadOnlyList<OutlineInput> Inputs, int Frame = -1, string Condition = "", bool IsOutput = false);

/// <summary>An operand of a node of an outline.</summary>
/// <param name="Slot">Its index in <see cref="OpSpec.Operands"/>.</param>
/// <param name="Node">The id of its node.</param>
public readonly record struct OutlineInput(int Slot, int Node);

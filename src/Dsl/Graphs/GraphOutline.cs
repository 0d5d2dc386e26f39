namespace ArchGen.Graphs;

/// <summary>
/// The symbolic graph of an architecture: over its hyper-parameters, without a file. It has each kind of block once, and what depends on a file or a layer
/// under its condition; where alternatives join, a node has an input from each. The generator builds it from the forward pass, drawings show it, and
/// quantization reads the tensors' roles from it.
/// </summary>
/// <param name="Name">The architecture's name, with a suffix where it has several graphs: <c>t5.encoder</c>.</param>
/// <param name="Frames">The kinds of block, in words: <c>blk.{i} DenseLayer, i &lt; BlockCount</c>.</param>
/// <param name="Nodes">The nodes; a node's place is its id, and operands come before their users.</param>
public sealed record GraphOutline(string Name, IReadOnlyList<string> Frames, IReadOnlyList<OutlineNode> Nodes);

/// <summary>One node of an outline.</summary>
/// <param name="Name">As in a model's graph, with <c>{i}</c> for the block's index.</param>
/// <param name="Op">The operation.</param>
/// <param name="Shape">The dimensions over hyper-parameters, slowest first.</param>
/// <param name="Inputs">Its operands.</param>
/// <param name="Frame">The place of its block in <see cref="GraphOutline.Frames"/>, or -1.</param>
/// <param name="Condition">When it is there, in C#; empty for always.</param>
/// <param name="IsOutput">Whether it is the result.</param>
public sealed record OutlineNode(
    string Name, Op Op, string Shape, IReadOnlyList<OutlineInput> Inputs, int Frame = -1, string Condition = "", bool IsOutput = false);

/// <summary>An operand of a node of an outline.</summary>
/// <param name="Slot">Its place in <see cref="OpSpec.Operands"/>.</param>
/// <param name="Node">The id of the node that it is.</param>
public readonly record struct OutlineInput(int Slot, int Node);

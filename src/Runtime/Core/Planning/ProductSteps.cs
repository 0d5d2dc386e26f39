using ArchGen.Graphs;

namespace ArchGen.Runtime.Planning;

/// <summary>A matrix that a product reads, and what is applied to the product's result.</summary>
/// <param name="Weight">The tensor of the file, read as it is stored; or a node that is computed from weights.</param>
/// <param name="Computed">The value of a node that is computed from weights; null of a tensor of the file.</param>
/// <param name="Rows">Rows of the matrix, of one head or expert where there are several: elements of the result.</param>
/// <param name="Width">Elements of a row.</param>
/// <param name="Bias">Added to the result; null where there is none.</param>
/// <param name="Scale">The factor of the result; null where there is none.</param>
internal sealed record PlanMatrix(Node Weight, PlanValue? Computed, int Rows, int Width, PlanValue? Bias = null, PlanValue? Scale = null)
{
    /// <summary>The values that a product with it reads.</summary>
    public IEnumerable<PlanValue> Reads => new[] { Computed, Bias, Scale }.OfType<PlanValue>();
}

/// <summary>y = (x W^T) * scale + bias for several W that read the same x, which is prepared once.</summary>
/// <param name="Node">The last of the nodes.</param>
/// <param name="X">The activations, evenly spaced heads.</param>
/// <param name="Matrices">The weights.</param>
/// <param name="Results">A result for each. Something is applied only where there is one matrix.</param>
internal sealed record Product(Node Node, PlanValue X, IReadOnlyList<PlanMatrix> Matrices, IReadOnlyList<PlanValue> Results) : PlanStep(Node, X.Rows.Domain)
{
    /// <inheritdoc/>
    protected override IEnumerable<PlanValue> Inputs => [X, .. Matrices.SelectMany(m => m.Reads)];

    /// <inheritdoc/>
    public override IEnumerable<PlanValue> Writes => Results;
}

/// <summary>y = activation(x G^T) * (x U^T), as in SwiGLU (arXiv:2002.05202).</summary>
/// <param name="Node">The node of the multiplication, or the last of what is applied to it.</param>
/// <param name="Activation">The node of the activation.</param>
/// <param name="X">The activations, evenly spaced heads.</param>
/// <param name="Gate">The weights of the gate, G.</param>
/// <param name="Up">The weights of the gated product, U.</param>
/// <param name="Result">The result.</param>
/// <param name="Ungated">Memory for x U^T.</param>
internal sealed record GatedProduct(Node Node, Node Activation, PlanValue X, PlanMatrix Gate, PlanMatrix Up, PlanValue Result, PlanValue Ungated)
    : PlanStep(Node, X.Rows.Domain)
{
    /// <inheritdoc/>
    protected override IEnumerable<PlanValue> Inputs => [X, .. Gate.Reads, .. Up.Reads];

    /// <inheritdoc/>
    public override IEnumerable<PlanValue> Writes => [Result, Ungated];
}

/// <summary>y[t, h] = W[h] x[t, h].</summary>
/// <param name="Node">The node.</param>
/// <param name="X">The activations [rows, heads, in].</param>
/// <param name="Matrix">The weights of head 0; those of the others follow.</param>
/// <param name="Result">The result [rows, heads, out].</param>
internal sealed record HeadProduct(Node Node, PlanValue X, PlanMatrix Matrix, PlanValue Result) : PlanStep(Node, Result.Rows.Domain)
{
    /// <inheritdoc/>
    protected override IEnumerable<PlanValue> Inputs => [X, .. Matrix.Reads];

    /// <inheritdoc/>
    public override IEnumerable<PlanValue> Writes => [Result];
}

/// <summary>Sorts the uses of a choice of experts by expert, for all products that follow it: its scratch memory holds the order.</summary>
/// <param name="Node">The node that has chosen.</param>
/// <param name="Ids">The chosen experts [rows, used].</param>
/// <param name="Experts">The number of experts.</param>
internal sealed record ExpertRoute(Node Node, PlanValue Ids, int Experts) : PlanStep(Node, Ids.Rows.Domain)
{
    /// <inheritdoc/>
    protected override IEnumerable<PlanValue> Inputs => [Ids];

    /// <inheritdoc/>
    public override IEnumerable<PlanValue> Writes => [];
}

/// <summary>y[t, i] = (W[e] x[t, i]) * scale[e] + bias[e], e the i-th expert of token t; x has one row per token or one per use.</summary>
/// <param name="Node">The node.</param>
/// <param name="Route">The rows of each expert.</param>
/// <param name="X">The activations [rows, used, in] or [rows, 1, in].</param>
/// <param name="Matrix">The weights of expert 0; those of the others follow.</param>
/// <param name="Result">The result [rows, used, out].</param>
internal sealed record ExpertProduct(Node Node, ExpertRoute Route, PlanValue X, PlanMatrix Matrix, PlanValue Result) : PlanStep(Node, Result.Rows.Domain)
{
    /// <inheritdoc/>
    protected override IEnumerable<PlanValue> Inputs => [X, Route.Ids, .. Matrix.Reads];

    /// <inheritdoc/>
    public override IEnumerable<PlanValue> Writes => [Result];

    /// <inheritdoc/>
    public override PlanStep Prerequisite => Route;
}

/// <summary>y[t] = table[ids[t]], the ids being tokens, positions or segments of the micro-batch.</summary>
internal sealed record TableLookup(Node Node, PlanMatrix Table, PlanValue Result) : PlanStep(Node, Result.Rows.Domain)
{
    /// <inheritdoc/>
    protected override IEnumerable<PlanValue> Inputs => [.. Table.Reads];

    /// <inheritdoc/>
    public override IEnumerable<PlanValue> Writes => [Result];
}

using ArchGen.Graphs;
using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Planning;

/// <summary>Sums the squares of what products are about to read, over all rows.</summary>
/// <param name="Node">The last of the products.</param>
/// <param name="X">The activations [rows, heads, in].</param>
/// <param name="PerHead">Whether each head has separate weights and columns; otherwise heads are further rows.</param>
/// <param name="Sums">The destination of the sums.</param>
internal sealed record SquareSum(Node Node, PlanValue X, bool PerHead, SquareSums Sums) : PlanStep(Node, X.Rows.Domain)
{
    /// <inheritdoc/>
    protected override IEnumerable<PlanValue> Inputs => [X];

    /// <inheritdoc/>
    public override IEnumerable<PlanValue> Writes => [];
}

/// <summary>The same of a product with experts: the sums have a row for each expert.</summary>
/// <param name="Node">The product.</param>
/// <param name="Route">The rows of each expert.</param>
/// <param name="Used">Experts per token.</param>
/// <param name="X">The activations [rows, used, in] or [rows, 1, in].</param>
/// <param name="Sums">The destination of the sums.</param>
internal sealed record ExpertSquareSum(Node Node, ExpertRoute Route, int Used, PlanValue X, SquareSums Sums) : PlanStep(Node, X.Rows.Domain)
{
    /// <inheritdoc/>
    protected override IEnumerable<PlanValue> Inputs => [X];

    /// <inheritdoc/>
    public override IEnumerable<PlanValue> Writes => [];

    /// <inheritdoc/>
    public override PlanStep Prerequisite => Route;
}

using ArchGen.Graphs;
using ArchGen.Runtime.Elementwise;

namespace ArchGen.Runtime.Planning;

/// <summary>Elementwise operations that are computed together: only the result is written.</summary>
/// <param name="Node">The last of the nodes.</param>
/// <param name="Chain">What is computed.</param>
/// <param name="Operands">The values of the chain's operands, in its order.</param>
/// <param name="Result">The result. It may lie where an operand does.</param>
internal sealed record ChainOperation(Node Node, Chain Chain, IReadOnlyList<PlanValue> Operands, PlanValue Result) : PlanStep(Node, Result.Rows.Domain)
{
    /// <inheritdoc/>
    protected override IEnumerable<PlanValue> Inputs => Operands;

    /// <inheritdoc/>
    public override IEnumerable<PlanValue> Writes => [Result];
}

/// <summary>Elementwise operations that a step applies to its result before it writes it.</summary>
/// <param name="Chain">What is computed; its first operand is what the step alone would write.</param>
/// <param name="Operands">The values of its other operands, in its order.</param>
internal sealed record ResultChain(Chain Chain, IReadOnlyList<PlanValue> Operands);

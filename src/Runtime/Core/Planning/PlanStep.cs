using ArchGen.Graphs;
using ArchGen.Runtime.Cache;

namespace ArchGen.Runtime.Planning;

/// <summary>One step of a plan: what is computed from which values, as data. A backend makes it something that runs.</summary>
/// <param name="Node">The node whose value the step computes; of several, the last.</param>
/// <param name="Domain">The row domain.</param>
internal abstract record PlanStep(Node Node, RowDomain Domain)
{
    /// <summary>The place of its backend in <see cref="PlanRequest.Backends"/>; -1 if no backend runs it, but the plan's runner.</summary>
    public int Backend { get; init; }

    /// <summary>The work of its nodes: operations and bytes.</summary>
    public OpWork Work { get; init; }

    /// <summary>The scratch of the step that its backend requested.</summary>
    public IReadOnlyList<PlanBuffer> Scratch { get; init; } = [];

    /// <summary>What is applied to the result; null if nothing is.</summary>
    public ResultChain? After { get; init; }

    /// <summary>The values that it reads, those of <see cref="After"/> included.</summary>
    public IEnumerable<PlanValue> Reads => After is null ? Inputs : [.. Inputs, .. After.Operands];

    /// <summary>The values that it computes from.</summary>
    protected abstract IEnumerable<PlanValue> Inputs { get; }

    /// <summary>The values that it writes.</summary>
    public abstract IEnumerable<PlanValue> Writes { get; }

    /// <summary>An earlier step whose scratch memory it reads, or null.</summary>
    public virtual PlanStep? Prerequisite => null;
}

/// <summary>The operation of one node, unless its kind has another record.</summary>
/// <param name="Node">The node.</param>
/// <param name="Operands">Its operands by slot; null if it is absent, a leaf without a value, or a weight that is read as stored.</param>
/// <param name="Result">The result. It may overwrite an operand.</param>
internal sealed record Operation(Node Node, IReadOnlyList<PlanValue?> Operands, PlanValue Result) : PlanStep(Node, Result.Rows.Domain)
{
    /// <summary>The recurrent state that it carries from one token to the next, or null.</summary>
    public StateSpec? State { get; init; }

    /// <inheritdoc/>
    protected override IEnumerable<PlanValue> Inputs => [.. Operands.OfType<PlanValue>()];

    /// <inheritdoc/>
    public override IEnumerable<PlanValue> Writes => [Result];

    /// <summary>The value in a slot that is never empty.</summary>
    public PlanValue this[Slot slot] => Find(slot) ?? throw new InvalidOperationException($"{Node}: its operand '{slot}' has no value");

    /// <summary>The value in a slot, or null.</summary>
    public PlanValue? Find(Slot slot) => Node.Spec.IndexOf(slot) is var index && index >= 0 && index < Operands.Count ? Operands[index] : null;
}

/// <summary>Copies a value, since its layout does not serve a user.</summary>
internal sealed record Copy(Node Node, PlanValue From, PlanValue To) : PlanStep(Node, From.Rows.Domain)
{
    /// <inheritdoc/>
    protected override IEnumerable<PlanValue> Inputs => [From];

    /// <inheritdoc/>
    public override IEnumerable<PlanValue> Writes => [To];
}

using ArchGen.Graphs;

namespace ArchGen.Runtime.Planning;

/// <summary>Copies a value from the backend that computes it to another that reads it. Its rows are dense on both sides.</summary>
internal sealed record Transfer(Node Node, PlanValue From, PlanValue To) : PlanStep(Node, From.Rows.Domain)
{
    /// <inheritdoc/>
    protected override IEnumerable<PlanValue> Inputs => [From];

    /// <inheritdoc/>
    public override IEnumerable<PlanValue> Writes => [To];
}

/// <summary>Shows a value to the observer of the context.</summary>
internal sealed record Observation(Node Node, PlanValue Value) : PlanStep(Node, Value.Rows.Domain)
{
    /// <inheritdoc/>
    protected override IEnumerable<PlanValue> Inputs => [Value];

    /// <inheritdoc/>
    public override IEnumerable<PlanValue> Writes => [];
}

using ArchGen.Graphs;
using ArchGen.Runtime.Planning;

namespace ArchGen.Eager;

/// <summary>The values of a step's operands by the slots of its node, whatever record the step has.</summary>
internal static class StepOperands
{
    /// <summary>The values by slot; null where an operand is no value: a matrix read as stored, ids of the micro-batch, a state.</summary>
    public static PlanValue?[] Of(PlanStep step)
    {
        var node = step.Node;
        return step switch
        {
            Operation operation => [.. operation.Operands],
            Product product => BySlot(
                node, (Slot.X, product.X), Matrix(Slot.Weight, product.Matrices.Single()), Bias(product.Matrices[0]), Scale(product.Matrices[0])),
            HeadProduct product => BySlot(node, (Slot.X, product.X), Matrix(Slot.Weight, product.Matrix)),
            ExpertProduct product => BySlot(
                node, (Slot.X, product.X), (Slot.Experts, product.Route.Ids), Matrix(Slot.Weight, product.Matrix), Bias(product.Matrix), Scale(product.Matrix)),
            TableLookup lookup => BySlot(node, Matrix(Slot.Table, lookup.Table)),
            Rotation rotation => BySlot(node, (Slot.X, rotation.X), (Slot.Factors, rotation.Table.Factors)),
            AttentionOperation attention => BySlot(
                node, (Slot.Query, attention.Query), (Slot.Key, attention.Key), (Slot.Value, attention.Value), (Slot.Bias, attention.Bias),
                (Slot.Sinks, attention.Sinks)),
            _ => throw new InvalidOperationException($"{node}: the eager backend has no operands for {step.GetType().Name}"),
        };
    }

    private static PlanValue?[] BySlot(Node node, params ReadOnlySpan<(Slot Slot, PlanValue? Value)> values)
    {
        var result = new PlanValue?[node.Inputs.Count];
        foreach (var (slot, value) in values)
        {
            if (node.Spec.IndexOf(slot) is var index && index >= 0 && index < result.Length) result[index] = value;
        }

        return result;
    }

    private static (Slot Slot, PlanValue? Value) Matrix(Slot slot, PlanMatrix matrix) => (slot, matrix.Computed);

    private static (Slot Slot, PlanValue? Value) Bias(PlanMatrix matrix) => (Slot.Bias, matrix.Bias);

    private static (Slot Slot, PlanValue? Value) Scale(PlanMatrix matrix) => (Slot.Scale, matrix.Scale);
}

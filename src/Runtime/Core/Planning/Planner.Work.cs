using ArchGen.Graphs;

namespace ArchGen.Runtime.Planning;

/// <content>The work of steps, for a profile.</content>
internal sealed partial class Planner
{
    private readonly Dictionary<Node, (long Keys, long Values)> _keyBytes = [];

    /// <summary>Adds the work of a node to the step that computes it, the last one emitted.</summary>
    private void AddWork(Node node)
    {
        if (node.Spec.WorkRule is not { } rule) return;
        var work = rule(new WorkCall(node.Spec, node.Shape, [.. node.Inputs.Select(i => i?.Shape)], slot => BytesOf(node, slot), node.Attributes.Int32));
        // A node that is a view of another's value has no step.
        if (work != default) _steps[^1] = _steps[^1] with { Work = _steps[^1].Work + work };
    }

    private long BytesOf(Node node, Slot slot)
    {
        var operand = node.Input(slot);
        if (_keyBytes.TryGetValue(node, out var bytes) && slot is Slot.Key or Slot.Value) return slot == Slot.Key ? bytes.Keys : bytes.Values;
        if (operand.Op != Op.State && DomainOf(operand.Shape) != RowDomain.Constant) return 0;
        if (operand.Op == Op.Weight && node.Spec.Operands[node.Spec.IndexOf(slot)].IsStored) return _request.Weights.Find(operand).ByteLength;
        return operand.Shape.Elements.IsConstant(out var elements) ? elements * sizeof(float) : 0;
    }
}

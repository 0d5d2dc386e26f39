using ArchGen.Graphs;
using ArchGen.Runtime;

namespace ArchGen.Planning;

/// <content>What steps compute and read, for a profile.</content>
internal sealed unsafe partial class PlanCompiler
{
    private readonly Dictionary<Node, (long Keys, long Values)> _keyBytes = [];

    /// <summary>Adds the work of a node to the step that computes it, the last one emitted.</summary>
    private void AddWork(Node node)
    {
        if (OpTable.Of(node.Op).WorkRule is not { } rule) return;
        var work = rule(new WorkCall(node.Shape, [.. node.Inputs.Select(i => i?.Shape)], slot => BytesOf(node, slot), node.Attributes.Int32));
        // A node that is a view of another's value has no step of its own.
        if (work != default) _pending[^1] = _pending[^1] with { Work = _pending[^1].Work + work };
    }

    private long BytesOf(Node node, int slot)
    {
        var operand = node.Inputs[slot]!;
        if (_keyBytes.TryGetValue(node, out var bytes) && slot is 1 or 2) return slot == 1 ? bytes.Keys : bytes.Values;
        if (operand.Op != Op.State && DomainOf(operand.Shape) != RowDomain.Constant) return 0;
        if (operand.Op == Op.Weight && IsReadAsStored(node.Op, slot)) return _weights.Find(operand).ByteLength;
        return operand.Shape.Elements.IsConstant(out var elements) ? elements * sizeof(float) : 0;
    }

    /// <summary>Matrices and tables are read as they lie in the file, all other weights as floats.</summary>
    private static bool IsReadAsStored(Op op, int slot) => op switch
    {
        Op.GetRows => slot == 0,
        Op.Linear or Op.HeadLinear or Op.ExpertLinear => slot == 1,
        _ => false,
    };
}

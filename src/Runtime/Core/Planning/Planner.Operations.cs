using ArchGen.Graphs;
using ArchGen.Runtime.Cache;

namespace ArchGen.Runtime.Planning;

/// <content>Operations on their operands only, and views, which need no step.</content>
internal sealed partial class Planner
{
    private void Schedule(Node node)
    {
        NumberChecks.Check(node);
        switch (node.Op)
        {
            case Op.GetRows: GetRows(node); break;
            case Op.Linear: Linear(node); break;
            case Op.HeadLinear: HeadLinear(node); break;
            case Op.ExpertLinear: ExpertLinear(node); break;
            case Op.Rope: Rope(node); break;
            case Op.Attention or Op.CrossAttention: Attention(node); break;
            default:
                if (IsView(node)) View(node);
                else if (IsElementwise(node)) Elementwise(node);
                else Operate(node);
                break;
        }
    }

    private void Operate(Node node)
    {
        var state = node.Find(Slot.State) is { } leaf ? new StateSpec(leaf.Name, ElementsOf(leaf)) : null;
        var operands = new PlanValue?[node.Inputs.Count];
        for (var i = 0; i < operands.Length; i++)
        {
            if (node.Inputs[i] is not { } input || input.Op == Op.State) continue;
            operands[i] = state is null || DomainOf(input.Shape) != RowDomain.Constant ? ValueOf(input) : Dense(input);
        }

        var after = ChainAfter(node, node.Op, out var last);
        var result = after is null ? ResultInPlace(node, operands) ?? NewValue(node) : NewValue(last);
        Emit(new Operation(node, operands, result) { State = state, After = after });
        FinishChain(node, after, last, result);
    }

    // Elements are written in place.
    private PlanValue? ResultInPlace(Node node, PlanValue?[] operands)
    {
        if (node.Spec.Family != OpFamily.Elementwise && node.Op != Op.Temperature) return null;
        if (operands.Length == 1) return InPlace(node, operands[0]!);
        return operands[0]!.Buffer == operands[1]!.Buffer ? null : InPlace(node, operands[0]!) ?? InPlace(node, operands[1]!);
    }

    private static long ElementsOf(Node leaf) =>
        leaf.Shape.Elements.IsConstant(out var elements) ? elements : throw new InvalidOperationException($"{leaf}: its size is not a number");

    private static bool IsView(Node node) => node.Op is Op.Heads or Op.Flatten or Op.Slice or Op.RepeatHeads;

    /// <summary>Heads, Flatten, Slice and RepeatHeads: other strides, the same elements.</summary>
    private void View(Node node)
    {
        var operand = node.Input(Slot.X);
        var x = node.Op == Op.Flatten ? Dense(operand) : ValueOf(operand);
        if (node.Op == Op.Heads && operand.Shape.Rank > 2) throw new InvalidOperationException($"{node}: heads of heads are not supported");
        var (rows, heads, width) = DimsOf(node);
        Finish(node, node.Op switch
        {
            Op.Slice => x with { Offset = x.Offset + node.Attributes.Int32(Attr.Start), Heads = heads, Width = width },
            Op.RepeatHeads => x with { Heads = heads, Width = width, HeadStride = 0 },
            _ => x with { Rows = rows, Heads = heads, Width = width, HeadStride = width },
        });
    }
}
